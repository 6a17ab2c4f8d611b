/**
 * Series of facts, in the order in which the page offers them; numbers made by equations come from
 * rnn_pkg/tasks/generated.py.
 *
 * @type {{
 *   key: string,
 *   label: string,
 *   file: string,
 *   season: number | null,
 *   horizon: number,
 *   source: string,
 *   watch: string,
 * }[]}
 */
export const series = [
  {
    key: "airline",
    label: "Airline passengers, 1949–1960",
    file: "airline.csv",
    season: 12,
    horizon: 12,
    source: "G. E. P. Box and G. M. Jenkins, Time Series Analysis (1970), series G",
    watch: "The summers rise with the years: it is percentages that repeat themselves.",
  },
  {
    key: "co2",
    label: "Carbon dioxide on Mauna Loa, 1958–2001",
    file: "co2.csv",
    season: 12,
    horizon: 12,
    source: "C. D. Keeling and T. P. Whorf, Scripps Institution of Oceanography; means of weeks",
    watch:
      "It leaves the range that was ever seen before, every year. Five months at the beginning are missing.",
  },
  {
    key: "sunspots",
    label: "Sunspot numbers, 1700–2008",
    file: "sunspots.csv",
    season: 11,
    horizon: 11,
    source: "SILSO, Royal Observatory of Belgium; yearly means, version 1",
    watch: "A cycle takes about 11 years, but now 9 and now 14, so repeating the last is often wrong.",
  },
  {
    key: "nile",
    label: "The Nile at Aswan, 1871–1970",
    file: "nile.csv",
    season: null,
    horizon: 10,
    source: "G. W. Cobb, The problem of the Nile, Biometrika 65 (1978)",
    watch: "After 1898 less water came. Is there more to be known than the mean of the last years?",
  },
  {
    key: "lynx",
    label: "Canadian lynx, 1821–1934",
    file: "lynx.csv",
    season: 10,
    horizon: 10,
    source: "C. Elton and M. Nicholson, Journal of Animal Ecology 11 (1942)",
    watch: "Lynx live on hares. Every ten years there are many, and then hardly any.",
  },
];
