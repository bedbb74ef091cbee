/** What plans and reports are made from. */
export const sourceKinds = ['log', 'lmstat', 'prometheus', 'csv'] as const;

export type SourceKind = (typeof sourceKinds)[number];
