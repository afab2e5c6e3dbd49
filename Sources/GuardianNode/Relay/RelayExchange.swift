import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
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
    let request: RelayGrant.RequestID
    let device: Hash256
    /// Bytes that were asked for, or at most so many where their number is not known before.
    let length: Int64
    let kind: RelayGrant.Item.Kind
    package let pipe = Pipe<ByteBuffer>(capacity: 4)
    /// Rises when the answer has begun, or was refused.
    private let settled = Watermark(0)
    private let isClaimed = Mutex(false)
    private let outcome = Mutex<Result<RelayHead, GuardianError>?>(nil)

    init(_ request: RelayGrant.RequestID, device: Hash256, length: Int64, kind: RelayGrant.Item.Kind) {
        (self.request, self.device, self.length, self.kind) = (request, device, length, kind)
    }

    /// Returns whether this call is the one that answers: a second one would add to what the first has sent.
    func claim() -> Bool {
        isClaimed.withLock { isClaimed in
            defer { isClaimed = true }
            return !isClaimed
        }
    }

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
