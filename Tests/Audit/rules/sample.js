// Read by Semgrep only: the line after `ruleid:` must be found, all others must not.
export function markup(element, text) {
    // ruleid: web-markup
    element.innerHTML = text;
    // ruleid: web-markup
    element.insertAdjacentHTML("beforeend", text);
    // ruleid: web-markup
    document.write(text);
    // ok: web-markup
    element.textContent = text;
}

export function code(element, text) {
    // ruleid: web-code-from-text
    eval(text);
    // ruleid: web-code-from-text
    new Function("a", text);
    // ruleid: web-code-from-text
    setTimeout("run()", 10);
    // ruleid: web-code-from-text
    element.setAttribute("onclick", text);
    // ok: web-code-from-text
    setTimeout(() => run(text), 10);
    // ok: web-code-from-text
    element.setAttribute("open", text);
}

export function requests(element) {
    // ruleid: web-cleartext
    fetch("http://example.org/list");
    // ok: web-cleartext
    fetch("/api/v1/events");
    // ok: web-cleartext
    document.createElementNS("http://www.w3.org/2000/svg", "path");
    // ruleid: web-opener
    element.append(link({ target: "_blank" }));
    // ok: web-opener
    element.append(link({ target: "_blank", rel: "noopener" }));
    // ruleid: web-secret-kept
    localStorage.setItem("token", element.value);
    // ok: web-secret-kept
    localStorage.setItem("theme", element.value);
}
