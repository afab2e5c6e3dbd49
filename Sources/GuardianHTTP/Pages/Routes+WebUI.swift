import Hummingbird

extension Routes {
    /// The pages and their files. Pages keep their filters in the query, so theirs is not checked here.
    public mutating func addPages(_ pages: WebUI) {
        for (path, file) in pages.files { page(path) { file.response(to: $0.request) } }
        guard let index = pages.files["/index.html"] else { return }
        for path in WebUI.pages { page(path) { index.response(to: $0.request) } }
    }
}
