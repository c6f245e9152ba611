/* The chat on a page of its own. */

import { startChat } from "./app.js";

const frame = document.documentElement;
const text = startChat({ root: document, frame, resize: (scale) => { frame.style.fontSize = scale === 1 ? "" : `${100 * scale}%`; } });
if (matchMedia("(hover: hover)").matches) text.focus();
