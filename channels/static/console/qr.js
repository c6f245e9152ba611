/* The QR picture of a second factor, drawn anew from the paths of the server's SVG: nothing else of it is taken over. */

const SVG = "http://www.w3.org/2000/svg";
const PATH = /^[MmLlHhVvZz\d\s.,-]+$/;

function attribute(tag, name) {
	const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
	return found ? found[1] : "";
}

/** Return the picture as a node, or null where the text holds none. */
export function drawQr(text, label) {
	const root = /<svg\b[^>]*>/.exec(text || "");
	const paths = [...(text || "").matchAll(/<path\b[^>]*>/g)].map(([tag]) => tag);
	if (!root || !paths.length) return null;
	const box = /^[\d\s.]+$/.exec(attribute(root[0], "viewBox"));
	const width = parseFloat(attribute(root[0], "width")) || 0;
	const node = document.createElementNS(SVG, "svg");
	node.setAttribute("class", "qr");
	node.setAttribute("viewBox", box ? box[0] : `0 0 ${width} ${width}`);
	node.setAttribute("role", "img");
	node.setAttribute("aria-label", label);
	for (const tag of paths) {
		const drawn = attribute(tag, "d");
		if (!PATH.test(drawn)) continue;
		const path = document.createElementNS(SVG, "path");
		path.setAttribute("d", drawn);
		const scale = /^scale\([\d.]+\)$/.exec(attribute(tag, "transform"));
		if (scale) path.setAttribute("transform", scale[0]);
		const line = attribute(tag, "stroke");
		// A light ground may be drawn first; the code itself is dark, as lines or as areas.
		const light = /^#f{3}(f{3})?$|^white$/i;
		path.setAttribute("fill", line ? "none" : light.test(attribute(tag, "fill")) ? "#fff" : "#000");
		if (line) path.setAttribute("stroke", light.test(line) ? "#fff" : "#000");
		node.append(path);
	}
	return node;
}
