// Sets the chosen theme before the first paint, so that the other theme does not flash. Not a module, since modules run later.
(() => {
    try {
        const theme = localStorage.getItem("guardian.theme");
        if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
    } catch {
        // The browser may forbid storage; then the system's theme applies.
    }
})();
