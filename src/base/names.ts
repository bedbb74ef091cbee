/** Whether two names of vendors, features or hosts are one: FlexNet minds no case, but for features of few vendors. */
export function sameName(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}
