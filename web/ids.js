/** A new id. It has to do without what browsers only have on secure addresses. */
export const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
