import GuardianCore
import Synchronization

/// Our clock, corrected by the server's: a request whose time differs by more than 15 minutes is refused, and an edge of
/// the network without a battery may well be wrong by more.
final class ServerTime: Sendable {
    private let clock: any WallClock
    /// Milliseconds that the server is ahead.
    private let ahead = Mutex<Int64>(0)
    /// Milliseconds; far below the 15 minutes, far above what a request takes.
    private static let tolerance: Int64 = 120_000

    init(clock: any WallClock) { self.clock = clock }

    func now() -> Timestamp { clock.now() + ahead.withLock { $0 } }

    /// Learns from an answer's `Date` header.
    ///
    /// - Returns: whether our time was so wrong that the request should be made again.
    func learn(_ date: String?) -> Bool {
        guard let date, let theirs = Timestamp(httpDate: date) else { return false }
        let ours = clock.now()
        return ahead.withLock { ahead in
            guard abs(theirs - (ours + ahead)) > Self.tolerance else { return false }
            ahead = theirs - ours
            return true
        }
    }
}

extension Timestamp {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7); `nil` for anything else.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(","), parts[1].utf8.count == 2,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
