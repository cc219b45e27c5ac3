// One value from many.

const ofNumbers = (values) => values.filter((value) => typeof value === "number" && !Number.isNaN(value));

const CALCS = {
  last: (values) => values.at(-1) ?? null,
  lastNotNull: (values) => values.findLast((value) => value !== null && !Number.isNaN(value)) ?? null,
  first: (values) => values[0] ?? null,
  firstNotNull: (values) => values.find((value) => value !== null && !Number.isNaN(value)) ?? null,
  min: (values) => pick(ofNumbers(values), (one, other) => Math.min(one, other)),
  max: (values) => pick(ofNumbers(values), (one, other) => Math.max(one, other)),
  sum: (values) => pick(ofNumbers(values), (one, other) => one + other),
  mean: (values) => {
    const all = ofNumbers(values);
    return all.length ? pick(all, (one, other) => one + other) / all.length : null;
  },
  count: (values) => values.length,
  range: (values) => {
    const [low, high] = [CALCS.min(values), CALCS.max(values)];
    return low === null ? null : high - low;
  },
  diff: (values) => {
    const [first, last] = [CALCS.firstNotNull(values), CALCS.lastNotNull(values)];
    return first === null ? null : last - first;
  },
};

function pick(values, join) {
  return values.length ? values.reduce(join) : null;
}

export function reduced(values, calc = "lastNotNull") {
  return (CALCS[calc] ?? CALCS.lastNotNull)(values);
}

const NAMES = { lastNotNull: "last", firstNotNull: "first" };
export const calcName = (calc) => NAMES[calc] ?? calc;

// Fields that a stat or a gauge shows: one a series, or one a row.
export function shown(frames, options = {}, numbersOf) {
  const { calcs = ["lastNotNull"], values = false, limit = 50, fields = "" } = options;
  const wanted = fields && fields.startsWith("/") ? new RegExp(fields.slice(1, fields.lastIndexOf("/"))) : null;
  const found = [];
  for (const frame of frames) {
    const time = frame.fields.find((field) => field.kind === "time");
    const label = frame.fields.find((field) => field.kind === "string");
    for (const field of numbersOf(frame)) {
      if (wanted && !wanted.test(field.title)) continue;
      if (values) {
        field.values.forEach((value, row) => found.push({ field, value, row, frame, title: label ? label.values[row] : field.title, line: null }));
      } else {
        found.push({ field, value: reduced(field.values, calcs[0]), row: null, frame, title: field.title, line: time ? { times: time.values, values: field.values } : null });
      }
    }
    // Texts are values too, where a panel asks for one by name or there is no number.
    if (!values && (wanted || !numbersOf(frame).length)) {
      for (const field of frame.fields) {
        const fits = wanted ? wanted.test(field.title) && field.kind !== "number" : field.kind === "string";
        if (fits) found.push({ field, value: reduced(field.values, calcs[0]), row: null, frame, title: field.title, line: null });
      }
    }
  }
  return found.slice(0, values ? limit : 50);
}
