// Runs before the first paint, so that a chosen theme does not flash. Not a module: modules wait.
(() => {
    try {
        const theme = localStorage.getItem("guardian.theme");
        if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
    } catch {
        // Storage may be forbidden: then the system's wish stands.
    }
})();
