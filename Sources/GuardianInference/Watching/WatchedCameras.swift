import GuardianWatch
import Synchronization

/// The cameras that are being watched, and their best views for snapshots.
final class WatchedCameras: Sendable {
    private struct State {
        var count = 0
        var views: [String: BestViews] = [:]
    }
    private let state = Mutex(State())

    /// Registers a watch.
    ///
    /// - Parameter keepsPictures: whether snapshots of the watched stream will be requested.
    /// - Returns: the cache for its best views, if there is one.
    func begin(_ camera: String, keepsPictures: Bool, _ statistics: LookStatistics) -> BestViews? {
        let views = keepsPictures && !camera.isEmpty ? BestViews() : nil
        state.withLock {
            $0.count += 1
            if let views { $0.views[camera] = views }
            statistics.watching($0.count)
        }
        return views
    }

    /// Unregisters a watch.
    func end(_ camera: String, _ views: BestViews?, _ statistics: LookStatistics) {
        state.withLock {
            $0.count -= 1
            // A new watch of the camera may have begun before the old one ended: keep the new one's views.
            if let views, $0.views[camera] === views { $0.views[camera] = nil }
            statistics.watching($0.count)
        }
    }

    func views(of camera: String) -> BestViews? { state.withLock { $0.views[camera] } }
}
