import GuardianWatch
import Synchronization

/// The cameras that are watched now, and what their watches hold for pictures.
final class WatchedCameras: Sendable {
    private struct State {
        var count = 0
        var views: [String: BestViews] = [:]
    }
    private let state = Mutex(State())

    /// - Parameter keepsPictures: whether pictures of the watched stream will be asked for.
    /// - Returns: where its best views are kept, if they are.
    func entered(_ camera: String, keepsPictures: Bool, _ statistics: LookStatistics) -> BestViews? {
        let views = keepsPictures && !camera.isEmpty ? BestViews() : nil
        state.withLock {
            $0.count += 1
            if let views { $0.views[camera] = views }
            statistics.watching($0.count)
        }
        return views
    }

    func left(_ camera: String, _ views: BestViews?, _ statistics: LookStatistics) {
        state.withLock {
            $0.count -= 1
            // A watch that began anew before the old one had ended keeps its own.
            if let views, $0.views[camera] === views { $0.views[camera] = nil }
            statistics.watching($0.count)
        }
    }

    func views(of camera: String) -> BestViews? { state.withLock { $0.views[camera] } }
}
