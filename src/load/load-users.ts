/** Hosts that the users of a load share. */
const HOSTS = 100;

/** Whom a license server takes somebody for. */
export interface LoadUser {
  readonly user: string;
  readonly host: string;
  readonly display: string;
}

/** The user of a number, from 0, live and simulated: options files and DUP_GROUP go by these names. */
export function loadUser(number: number): LoadUser {
  return {
    user: `load${String(number).padStart(5, '0')}`,
    host: `host${number % HOSTS}`,
    display: '/dev/pts/0',
  };
}
