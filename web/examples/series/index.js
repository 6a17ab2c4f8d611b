/**
 * Series of facts, and those that rnn_pkg/tasks/generated.py makes by equations, in the order in which
 * the page offers them.
 *
 * @type {import("../../types").Example[]}
 */
export const series = [
  {
    key: "airline",
    label: "Airline passengers, 1949–1960",
    file: "series/airline.csv",
    season: 12,
    horizon: 12,
    source: "G. E. P. Box and G. M. Jenkins, Time Series Analysis (1970), series G",
    watch: "The summers rise with the years: it is percentages that repeat themselves.",
  },
  {
    key: "co2",
    label: "Carbon dioxide on Mauna Loa, 1958–2001",
    file: "series/co2.csv",
    season: 12,
    horizon: 12,
    source: "C. D. Keeling and T. P. Whorf, Scripps Institution of Oceanography; means of weeks",
    watch:
      "It leaves the range that was ever seen before, every year. Five months at the beginning are missing.",
  },
  {
    key: "sunspots",
    label: "Sunspot numbers, 1700–2008",
    file: "series/sunspots.csv",
    season: 11,
    horizon: 11,
    source: "SILSO, Royal Observatory of Belgium; yearly means, version 1",
    watch: "A cycle takes about 11 years, but now 9 and now 14, so repeating the last is often wrong.",
  },
  {
    key: "nile",
    label: "The Nile at Aswan, 1871–1970",
    file: "series/nile.csv",
    season: 1,
    horizon: 10,
    source: "G. W. Cobb, The problem of the Nile, Biometrika 65 (1978)",
    watch: "After 1898 less water came. Is there more to be known than the mean of the last years?",
  },
  {
    key: "lynx",
    label: "Canadian lynx, 1821–1934",
    file: "series/lynx.csv",
    season: 10,
    horizon: 10,
    source: "C. Elton and M. Nicholson, Journal of Animal Ecology 11 (1942)",
    watch: "Lynx live on hares. Every ten years there are many, and then hardly any.",
  },
  {
    key: "sine",
    label: "Sine wave",
    season: 25,
    horizon: 25,
    source: "made by an equation: a wave of 25 values",
    watch: "Two values tell all that follow, so a linear model knows it exactly. How near does a network come?",
  },
  {
    key: "noisy-sine",
    label: "Sine wave with noise",
    season: 25,
    horizon: 25,
    source: "made by an equation: a wave of 25 values, and to each something drawn by chance",
    watch: "Nobody can forecast the noise. Do the intervals say how much of it there is?",
  },
  {
    key: "trend-and-season",
    label: "Trend and season",
    season: 12,
    horizon: 12,
    source: "made by an equation: a straight line, a season of 12 values, and chance",
    watch: "As steady as nothing is in life: a simple model does all that can be done.",
  },
  {
    key: "mackey-glass",
    label: "Mackey and Glass’s blood cells",
    season: 1,
    horizon: 30,
    source: "made by an equation: M. C. Mackey and L. Glass, Science 197 (1977)",
    watch: "No chance is in it, and yet it never repeats itself. Here a network is far ahead of linear models.",
  },
  {
    key: "lorenz",
    label: "Lorenz’s weather",
    season: 1,
    horizon: 30,
    source: "made by equations: E. N. Lorenz, Journal of the Atmospheric Sciences 20 (1963)",
    watch: "It circles on one side, then suddenly on the other. How far ahead can that be foreseen?",
  },
];
