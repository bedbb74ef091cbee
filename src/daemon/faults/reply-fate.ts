/** What becomes of one reply. */
export type ReplyFate =
  /** It comes later: after `latencyMs`, and so slowly. */
  | { readonly kind: 'slow'; readonly latencyMs: number; readonly bytesPerSecond?: number }
  /** It comes in pieces of so many bytes. */
  | { readonly kind: 'slice'; readonly bytes: number; readonly everyMs: number }
  /** Only its first bytes come, then the connection ends; half of it unless told. */
  | { readonly kind: 'truncate'; readonly bytes?: number }
  /** One bit of it is wrong; `dice` is a whole number that says which. */
  | { readonly kind: 'garble'; readonly dice: number }
  /** Its length field is off by so much; nothing else is wrong with it. */
  | { readonly kind: 'length'; readonly by: number }
  | { readonly kind: 'lose' }
  | { readonly kind: 'repeat'; readonly times: number };
