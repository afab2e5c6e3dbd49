import GuardianCore
import GuardianHTTP
import GuardianOperations
import NIOCore
import Synchronization

/// What an edge says of a recording before its bytes.
package struct RelayHead: Hashable, Sendable {
    let size: Int64
    let etag: String
    let isGrowing: Bool
}

/// One request to an edge, and its answer on the way to whoever asked: at most four pieces wait in memory.
package final class RelayExchange: Sendable {
    let device: Hash256
    /// Bytes that were asked for.
    let length: Int64
    package let pipe = Pipe<ByteBuffer>(capacity: 4)
    /// Rises when the answer has begun, or was refused.
    private let settled = Watermark(0)
    private let outcome = Mutex<Result<RelayHead, GuardianError>?>(nil)

    init(device: Hash256, length: Int64) { (self.device, self.length) = (device, length) }

    /// Notes how the answer begins; only the first call counts.
    func settle(_ result: Result<RelayHead, GuardianError>) {
        outcome.withLock { if $0 == nil { $0 = result } }
        settled.increment()
        if case .failure = result { pipe.close() }
    }

    /// Waits for the head.
    ///
    /// - Throws: the edge's refusal; `deadlineExceeded` when it does not answer in time; `CancellationError`.
    func head(within limit: Duration, monotonic: any MonotonicClock) async throws -> RelayHead {
        try await settled.wait(beyond: 0, atMost: limit, monotonic: monotonic)
        guard let outcome = outcome.withLock({ $0 }) else {
            throw GuardianError(.deadlineExceeded, "The recorder does not answer; try again in a moment.")
        }
        return try outcome.get()
    }
}
