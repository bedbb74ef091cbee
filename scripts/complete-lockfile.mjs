// Run after `npm install` changed package-lock.json: adds the platform packages that npm left out because the registry at
// hand does not carry them, or `npm ci` refuses the file ("Missing: ... from lock file") everywhere.
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const systems = ['darwin', 'android', 'freebsd', 'openharmony', 'win32', 'linux'];
const processors = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  wasm32: 'wasm32',
  arm: 'arm',
};

function entryOf(name, version, dev) {
  const os = systems.find((each) => name.includes(each));
  const cpu = Object.keys(processors).find((each) => name.includes(each));
  const libc = name.includes('musl')
    ? 'musl'
    : os === 'linux' && name.includes('gnu')
      ? 'glibc'
      : undefined;
  return {
    version,
    ...(cpu && { cpu: [processors[cpu]] }),
    ...(dev && { dev }),
    ...(libc && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}

let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const known = packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`];
    // Only an exact version can be written down without asking the registry.
    if (known || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    packages[`node_modules/${name}`] = entryOf(name, version, dev);
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added`);
