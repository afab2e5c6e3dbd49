import GuardianCore
import GuardianHTTP
import Synchronization

extension CameraUnit {
    /// Starts a live view that goes on when the camera's station is replaced, and while it is paused. It ends when the camera is
    /// removed, the process shuts down, or the reading task is cancelled.
    func live() -> AsyncStream<LiveRecord> {
        let view = LiveView(self)
        return AsyncStream { await view.next() }
    }
}

/// One viewer's way through a camera's stations. Its records are read one after the other.
private final class LiveView: Sendable {
    private struct Place {
        /// The session of the station that is shown, or was shown last.
        var session: CameraSession?
        var records: AsyncStream<LiveRecord>?
        var toldPause = false
    }

    private let unit: CameraUnit
    private let place = Mutex(Place())

    init(_ unit: CameraUnit) { self.unit = unit }

    func next() async -> LiveRecord? {
        while !Task.isCancelled {
            if let records = place.withLock({ $0.records }) {
                if let record = await records.first(where: { _ in true }) { return record }
                place.withLock { $0.records = nil }
                continue
            }
            let mark = unit.mark
            guard let record = unit.record, !unit.hasEnded else { return nil }
            if let since = record.pausedSince {
                if let told = pause(since) { return told }
            } else if let session = unit.station?.session, begin(session) {
                continue
            }
            do { try await unit.change(after: mark) } catch { return nil }
        }
        return nil
    }

    /// Returns the record that says that the camera is paused; `nil` when the viewer knows.
    private func pause(_ since: Timestamp) -> LiveRecord? {
        let isKnown = place.withLock { place in
            defer { place.toldPause = true }
            return place.toldPause
        }
        return isKnown ? nil : CameraStateRecord(.paused, since: since).record
    }

    /// - Returns: whether it is another session than the last one.
    private func begin(_ session: CameraSession) -> Bool {
        place.withLock { place in
            guard place.session !== session else { return false }
            (place.session, place.records, place.toldPause) = (session, CameraSource.records(of: session), false)
            return true
        }
    }
}
