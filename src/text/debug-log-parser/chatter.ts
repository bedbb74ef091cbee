/**
 * Lines of FlexNet's that tell nothing a reader could use, one pattern a kind, so that all others stand out.
 * Source: public logs of lmgrd 11.6 to 11.19 and five vendor daemons.
 */
const patterns: readonly RegExp[] = [
  // Empty lines, rules, and dots where somebody cut lines out.
  /^\.+$/,
  /^\s*$/,
  /^[-=]{5,}$/,
  // lmgrd's notice, indented by two blanks, and what stands around it.
  /^ {2}\S.*$/,
  /^Copyright \(c\) .*$/,
  /^US Patents? .*$/,
  /^World Wide Web: .*$/,
  /^pid \d+$/,
  // The start of managers and daemons.
  /^(?:Changing message security level from -?\d+ to -?\d+|Done rereading)$/,
  /^Detecting other license server manager \(lmgrd\) processes\.\.\.$/,
  /^lmdown\/lmreread only allowed on this machine$/,
  /^Starting vendor daemons? (?:\.\.\. ?|at port \d+)$/,
  /^Using vendor daemon port \d+ specified in license file$/,
  /^lmgrd version [\d.]+, \S+ version [\d.]+$/,
  /^Licenses are case sensitive for \S+$/,
  /^EXTERNAL FILTERS are O(?:FF|N)$/,
  /^(?:License verification completed successfully\.|Serving features for the following vendor names:)$/,
  /^(?:Ecomms: .*|TCP_NODELAY NOT enabled|Listener Thread: running)$/,
  /^(?:Starting diagnostics .* \(D[A-Z]{3}\)|D[A-Z]{3}: .*)$/,
  /^INFO: .*$/,
  /^Unable to initialize access to trusted storage: \d+$/,
  /^SLOG: .*$/,
  // What the options file asks for.
  /^(?:ALL FEATURES|FEATURE +\S+):? INACTIVITY TIMEOUT set to \d+ seconds$/,
  /^Max borrow interval for feature, \S+, set to \d+ hours$/,
  /^RESERVING \d+ .* licenses for \S+ .*$/,
  /^RESERVE .* for (?:USER|HOST|GROUP|HOST_GROUP|DISPLAY|INTERNET|PROJECT) .*$/,
  /^INCLUDE_BORROW \S+ .* in \S+$/,
  // Rereading and stopping.
  /^Rereading options file\.\.\.$/,
  /^={3,4} .*={3,4} ?$/,
  /^lmgrd will now shut down all the vendor daemons$/,
  /^daemon shutdown requested - shutting down$/,
  /^Shut down FlexNet \S+ license server system on machine \S+$/,
  // Trouble whose facts are on the lines around it.
  /^\t.*$/,
  /^(?:SERVER-OUT: .*|Client communications revision is .*)$/,
  /^Can't (?:open|make directory) .*, errno: .*$/,
  /^(?:Invalid license key \(.*\)| +==>.*)$/,
  /^(?:No features to serve, exiting|No valid hostids, exiting|Invalid hostid on SERVER line)$/,
  /^Wrong hostid on SERVER line for license file:$/,
  /^SERVER line says .*, hostid is "/,
  /^Disabling \d+ licenses? from feature .*$/,
  /^License server system started on \S+$/,
  /^\S+ daemon found no features\. {2}Please correct$/,
  /^(?:license file and re-start daemons\.|Please correct problem and restart daemons)$/,
  /^(?:This may be due to the fact that you are using|a different license file from the one you expect\.)$/,
  /^(?:Check to make sure that:|is the license file you want to use\.)$/,
  /^(?:Cannot open lock file\..*|MULTIPLE ".*" license server systems running\.)$/,
  /^(?:Please kill, and run lmreread|Retrying socket bind \(address in use\))$/,
  /^CANNOT OPEN options file .*$/,
  // fauxlm's own.
  /^fauxlm: .*$/,
  /^(?:Perhaps the server reads another file than you|think\. It reads:)$/,
  /^(?:Why \S+ ended is not known;|lmgrd will try to start it again\.)$/,
  /^(?:Warning: lmgrd runs as root\.|A license server needs no such rights, .*|Start it as an ordinary user\.)$/,
];

export function isChatter(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
