/** The id of the embedded backend: there is one, and it is always there. */
export const LOCAL_ID = "local";
