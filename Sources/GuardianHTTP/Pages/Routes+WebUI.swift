import Hummingbird

extension Routes {
    /// Adds the pages and their files. The query of a page holds the filters of its script and is not checked.
    public mutating func addPages(_ pages: WebUI) {
        for (path, file) in pages.files { page(path) { file.response(to: $0.request) } }
        guard let index = pages.files["/index.html"] else { return }
        for path in pages.pages { page(path) { index.response(to: $0.request) } }
    }
}
