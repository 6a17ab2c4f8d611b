/** How good is that: forecasts of a part that was held back, beside those of simple rules. */

export const later = async () => (await import("./view.js")).mountJudgement;
