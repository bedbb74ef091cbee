/** A bar of seats, for the tab. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#0b62c4"/><rect x="10" y="5" width="4" height="6" fill="#dfe5ea"/>
<rect x="2" y="5" width="8" height="6" fill="#e3a93c"/></svg>
`;
