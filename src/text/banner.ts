/** The year and owner in every copyright line. */
const OWNER = '2026 the fauxlm authors';

/** `Copyright (c) 2026 the fauxlm authors. All Rights Reserved.` */
export const copyrightText = `Copyright (c) ${OWNER}. All Rights Reserved.`;

/**
 * First line of every tool. Ours, neutral; its shape is kept because programs skip the first line
 * or match `lmutil - ` and `lmstat - `.
 */
export function renderBanner(program: string): string {
  return `${program} - ${copyrightText}\n`;
}

/** Which release a tool or daemon says it is. */
export interface Release {
  /** `11.18.1` */
  readonly version: string;
  readonly build: number;
  /** FlexNet's platform tag: `x64_lsb`, `x64_n6`. */
  readonly platform: string;
}

/** The build that our daemons and tools say they are. It is ours, and stands for none of FlexNet's. */
export const OWN_BUILD = 1;

/** `v11.18.1 build 1 x64_lsb` */
export function releaseText({ version, build, platform }: Release): string {
  return `v${version} build ${build} ${platform}`;
}
