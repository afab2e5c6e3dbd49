import GuardianCore
import GuardianOperations
import GuardianWire
import Synchronization

/// The edges of a tenant that can be asked for recordings now, and what they are being asked.
package final class EdgeControls: Sendable {
    /// Requests that wait for an edge's attention; more are refused.
    private static let queue = 64
    /// Answers at a time. What an edge is asked for at once is fewer than it answers at once (`RelayLink`).
    private struct Limits {
        let ofEdge: Int
        let ofTenant: Int

        static func of(_ kind: RelayGrant.Item.Kind) -> Limits {
            switch kind {
            case .recording, .picture: Limits(ofEdge: 16, ofTenant: 32)
            case .live: Limits(ofEdge: 48, ofTenant: 96)
            }
        }
    }

    /// Requests that wait until there is room; more are refused. A page of events asks for 48 pictures at once.
    private static let waiting = 256
    /// For room, and for the beginning of an answer.
    private static let patience: Duration = .seconds(10)

    private struct Edge {
        let number: Int64
        let orders: AsyncStream<Guardian_V1_RelayRequest>.Continuation
    }

    private struct State {
        var edges: [Hash256: Edge] = [:]
        var exchanges: [RelayGrant.RequestID: RelayExchange] = [:]
        var connections: Int64 = 0
        var waiting = 0

        /// Whether an exchange begins at once, without more of its kind than there may be.
        func hasRoom(for exchange: RelayExchange) -> Bool {
            let limits = Limits.of(exchange.kind)
            let alike = exchanges.values.filter { $0.kind == exchange.kind }
            return alike.count < limits.ofTenant
                && alike.count { $0.device == exchange.device } < limits.ofEdge
        }
    }

    private let state = Mutex(State())
    /// Rises when an exchange has ended.
    private let ended = Watermark(0)

    // MARK: Of the edges

    /// Notes that an edge listens for requests. An older stream of it ends.
    package func connect(_ device: Hash256) -> (number: Int64, orders: AsyncStream<Guardian_V1_RelayRequest>) {
        let (orders, continuation) = AsyncStream.makeStream(
            of: Guardian_V1_RelayRequest.self, bufferingPolicy: .bufferingOldest(Self.queue))
        let (number, older) = state.withLock { state in
            state.connections += 1
            let older = state.edges.updateValue(Edge(number: state.connections, orders: continuation), forKey: device)
            return (state.connections, older)
        }
        older?.orders.finish()
        return (number, orders)
    }

    /// Notes that a stream has ended, which counts only for the newest one.
    ///
    /// - Returns: whether it was the newest one.
    func disconnect(_ device: Hash256, number: Int64) -> Bool {
        let lost = state.withLock { state -> [RelayExchange]? in
            guard state.edges[device]?.number == number else { return nil }
            state.edges[device] = nil
            return state.exchanges.values.filter { $0.device == device }
        }
        for exchange in lost ?? [] { exchange.settle(.failure(Self.away)) }
        return lost != nil
    }

    /// Whether a stream is the newest one of its edge.
    func isNewest(_ device: Hash256, number: Int64) -> Bool { state.withLock { $0.edges[device]?.number == number } }

    /// Returns the exchange that an edge answers; `nil` when nobody waits for it any more.
    func exchange(_ request: RelayGrant.RequestID, of device: Hash256) -> RelayExchange? {
        state.withLock { $0.exchanges[request] }.flatMap { $0.device == device ? $0 : nil }
    }

    /// Exchanges that are under way.
    package var count: Int { state.withLock { $0.exchanges.count } }

    // MARK: Of those who ask

    /// Asks an edge, and waits for the beginning of its answer.
    ///
    /// - Parameters:
    ///   - range: the bytes of a recording that are asked for; `nil`: only the head.
    ///   - most: the most bytes of what has no ranges.
    /// - Returns: its head, and the exchange whose pipe has the bytes. Whoever takes them closes the pipe, and so ends the exchange.
    /// - Throws: the edge's refusal; `unavailable` when it does not listen; `resourceExhausted` while too much is asked.
    package func ask(
        _ grant: RelayGrant, _ range: Range<Int64>?, most: Int64 = 0, signer: GrantSigner,
        monotonic: any MonotonicClock
    ) async throws -> (head: RelayHead, exchange: RelayExchange) {
        let request = try signer.request(grant, range)
        let kind = grant.item.kind
        let length = kind == .recording ? Int64(range?.count ?? 0) : most
        let exchange = RelayExchange(grant.request, device: grant.edge, length: length, kind: kind)
        try await begin(exchange, request, monotonic)
        do { return (try await exchange.head(within: Self.patience, monotonic: monotonic), exchange) } catch {
            end(grant.request)
            throw error
        }
    }

    /// Asks the edge, once there is room.
    private func begin(
        _ exchange: RelayExchange, _ request: Guardian_V1_RelayRequest, _ monotonic: any MonotonicClock
    ) async throws {
        let began = monotonic.now()
        while true {
            let seen = ended.value
            let isAsked = try state.withLock { state in
                guard let edge = state.edges[exchange.device] else { throw Self.away }
                if state.hasRoom(for: exchange) {
                    guard case .enqueued = edge.orders.yield(request) else { throw Self.busy }
                    state.exchanges[exchange.request] = exchange
                    return true
                }
                guard state.waiting < Self.waiting, monotonic.elapsed(since: began) < Self.patience else {
                    throw Self.busy
                }
                state.waiting += 1
                return false
            }
            if isAsked { return }
            defer { state.withLock { $0.waiting -= 1 } }
            let left = Self.patience - monotonic.elapsed(since: began)
            try await ended.wait(beyond: seen, atMost: left, monotonic: monotonic)
        }
    }

    /// Forgets an exchange: nothing more comes.
    func end(_ request: RelayGrant.RequestID) {
        state.withLock { $0.exchanges.removeValue(forKey: request) }?.pipe.close()
        ended.increment()
    }

    private static var away: GuardianError {
        GuardianError(
            .unavailable,
            "The recorder is not connected, or does not pass recordings on. An owner allows it on its page Settings, under Node.",
            context: RelayMetrics.context(.away))
    }

    private static var busy: GuardianError {
        GuardianError(
            .resourceExhausted, "Too many recordings are being fetched; try again in a moment.",
            context: RelayMetrics.context(.busy))
    }
}
