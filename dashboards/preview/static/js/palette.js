// Grafana's names for colours, and a sequence for series that people with any kind of colour vision can tell apart.

const SHADES = ["super-light-", "light-", "", "semi-dark-", "dark-"];
const HUES = {
  red: ["#FFA6B0", "#FF7383", "#F2495C", "#E02F44", "#C4162A"],
  orange: ["#FFCB7D", "#FFB357", "#FF9830", "#FF780A", "#FA6400"],
  yellow: ["#FFF899", "#FFEE52", "#FADE2A", "#F2CC0C", "#E0B400"],
  green: ["#C8F2C2", "#96D98D", "#73BF69", "#56A64B", "#37872D"],
  blue: ["#C0D8FF", "#8AB8FF", "#5794F2", "#3274D9", "#1F60C4"],
  purple: ["#DEB6F2", "#CA95E5", "#B877D9", "#A352CC", "#8F3BB8"],
};
const NAMED = new Map(Object.entries(HUES).flatMap(([hue, values]) => values.map((value, at) => [SHADES[at] + hue, value])));
const SEQUENCE = ["#5794F2", "#FF9830", "#4CB9A8", "#E377C2", "#F2CC0C", "#8F6FD8", "#E8684A", "#9FB3C8", "#73BF69", "#B07D62"];
const SCALES = {
  "continuous-GrYlRd": ["#73BF69", "#FADE2A", "#F2495C"],
  "continuous-RdYlGr": ["#F2495C", "#FADE2A", "#73BF69"],
  "continuous-BlYlRd": ["#5794F2", "#FADE2A", "#F2495C"],
  "continuous-YlRd": ["#FADE2A", "#F2495C"],
  "continuous-BlPu": ["#5794F2", "#B877D9"],
  "continuous-YlBl": ["#FADE2A", "#5794F2"],
  "continuous-blues": ["#1B2A41", "#5794F2"],
  "continuous-greens": ["#1B3A26", "#73BF69"],
};
// From nothing to much, by brightness alone.
export const HEAT = { dark: ["#1c2333", "#274a86", "#4f86d9", "#9cc4f5", "#f3f8ff"], light: ["#eef4fc", "#a9c9f2", "#5b93dd", "#2b5fae", "#12305f"] };

const firsts = [];

// Names that always have the same colour on every panel: the brands, in their order.
export function keepColours(names) {
  for (const name of names) if (!firsts.includes(name)) firsts.push(name);
}

export function named(colour) {
  if (colour === "text") return css("--text");
  if (colour === "transparent") return "transparent";
  return NAMED.get(colour) ?? colour ?? css("--text");
}

export function nth(index) {
  return SEQUENCE[index % SEQUENCE.length];
}

export function ofName(name, index) {
  const at = firsts.indexOf(name);
  return nth(at >= 0 ? at : index);
}

export function onScale(mode, share) {
  const scale = SCALES[mode] ?? SCALES["continuous-GrYlRd"];
  const at = Math.min(Math.max(share, 0), 1) * (scale.length - 1);
  const low = Math.min(Math.floor(at), scale.length - 2);
  return mixed(scale[low], scale[low + 1], at - low);
}

function mixed(one, other, share) {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [one, other].map((hex) => parseInt(hex.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * share).toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

export function faded(colour, opacity) {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return colour;
  return `${colour}${Math.round(opacity * 255).toString(16).padStart(2, "0")}`;
}

// Black or white, whichever reads better on a colour.
export function ink(colour) {
  if (!/^#[0-9a-f]{6}/i.test(colour)) return css("--text");
  return luminance(colour) > 0.3 ? "#111217" : "#ffffff";
}

function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// A colour to write in: as light, or as dark, as it takes to read it on a panel.
export function readable(colour) {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return colour;
  const dark = document.documentElement.dataset.theme !== "light";
  for (let share = 0; share < 1; share += 0.1) {
    const tried = mixed(colour, dark ? "#ffffff" : "#000000", share);
    if (dark ? luminance(tried) >= 0.22 : luminance(tried) <= 0.19) return tried;
  }
  return css("--text");
}
