/* Renders openapi.json without any library, so that the documentation works without internet. */

function el(tag, className, ...children) {
	const node = document.createElement(tag);
	if (className) node.className = className;
	node.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
	return node;
}

const json = (value) => el("pre", "", JSON.stringify(value, null, 2));

function table(heads, rows) {
	const cells = (tag, values) => el("tr", "", ...values.map((value) => el(tag, "", value)));
	return el("table", "", el("thead", "", cells("th", heads)), el("tbody", "", ...rows.map((row) => cells("td", row))));
}

/** Follow a $ref inside the document. */
function resolve(document_, schema) {
	if (!schema || !schema.$ref) return schema || {};
	return schema.$ref.slice(2).split("/").reduce((place, key) => place[key], document_);
}

function typeOf(document_, schema) {
	const options = schema.anyOf || [schema];
	const bounds = ["minLength", "maxLength", "minimum", "maximum", "pattern"]
		.filter((key) => options.some((option) => option[key] !== undefined))
		.map((key) => `${key} ${options.find((option) => option[key] !== undefined)[key]}`);
	const names = options.map((option) => {
		const target = resolve(document_, option);
		return target.enum ? target.enum.join(" | ") : target.format || target.title && option.$ref && target.title || target.type;
	});
	return [names.join(" or "), ...bounds].join(", ");
}

function fields(document_, schema) {
	const target = resolve(document_, schema);
	if (target.type === "array") return fields(document_, target.items);
	if (!target.properties) return null;
	const required = target.required || [];
	return table(["Field", "Type", "Meaning"], Object.entries(target.properties).map(([name, property]) => [
		el("code", "", required.includes(name) ? name : `${name}?`), typeOf(document_, property), property.description || "",
	]));
}

function responses(document_, operation) {
	return Object.entries(operation.responses).flatMap(([status, response]) => {
		const [media, content] = Object.entries(response.content || {})[0] || [];
		const head = el("p", "", el("strong", "", status), ` ${response.description} `, media && el("code", "muted", media));
		return status < "300" && content ? [head, fields(document_, content.schema)] : [head];
	});
}

function article(document_, path, method, operation) {
	const body = operation.requestBody && operation.requestBody.content["application/json"].schema;
	const examples = body ? resolve(document_, body).examples || [] : [];
	const parameters = operation.parameters || [];
	return el("article", "",
		el("p", "call", el("span", "method", method.toUpperCase()), el("code", "", path)),
		el("h2", "", operation.summary || path),
		el("p", "about", operation.description || ""),
		operation.security && el("p", "muted", "Needs Authorization: Bearer <token>."),
		parameters.length ? el("h3", "", "Parameters") : null,
		parameters.length ? table(["Name", "In", "Type", "Meaning"], parameters.map((parameter) => [
			el("code", "", parameter.name), parameter.in, typeOf(document_, parameter.schema), parameter.description || "",
		])) : null,
		body ? el("h3", "", "Request body") : null, body ? fields(document_, body) : null, ...examples.map(json),
		el("h3", "", "Responses"), ...responses(document_, operation));
}

async function show() {
	const place = document.getElementById("operations");
	try {
		const document_ = await (await fetch("openapi.json")).json();
		document.getElementById("title").textContent = `${document_.info.title} – API ${document_.info.version}`;
		const all = Object.entries(document_.paths).flatMap(([path, operations]) =>
			Object.entries(operations).map(([method, operation]) => article(document_, path, method, operation)));
		place.replaceChildren(...all);
	} catch {
		place.textContent = "openapi.json could not be read.";
	}
	place.removeAttribute("aria-busy");
}

show();
