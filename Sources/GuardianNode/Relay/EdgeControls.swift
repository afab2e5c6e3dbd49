import GuardianCore
import GuardianOperations
import GuardianWire
import Synchronization

/// The edges of a tenant that can be asked for recordings now, and what they are being asked.
package final class EdgeControls: Sendable {
    /// Requests that wait for an edge's attention; more are refused.
    private static let queue = 16
    /// Answers at a time, over all edges of the tenant.
    private static let limit = 32
    /// For the beginning of an answer.
    private static let patience: Duration = .seconds(10)

    private struct Edge {
        let number: Int64
        let orders: AsyncStream<Guardian_V1_RelayRequest>.Continuation
    }

    private struct State {
        var edges: [Hash256: Edge] = [:]
        var exchanges: [RelayGrant.RequestID: RelayExchange] = [:]
        var connections: Int64 = 0
    }

    private let state = Mutex(State())

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
    func disconnect(_ device: Hash256, number: Int64) {
        let lost = state.withLock { state -> [RelayExchange] in
            guard state.edges[device]?.number == number else { return [] }
            state.edges[device] = nil
            return state.exchanges.values.filter { $0.device == device }
        }
        for exchange in lost { exchange.settle(.failure(Self.away)) }
    }

    /// Returns the exchange that an edge answers; `nil` when nobody waits for it any more.
    func exchange(_ request: RelayGrant.RequestID, of device: Hash256) -> RelayExchange? {
        state.withLock { $0.exchanges[request] }.flatMap { $0.device == device ? $0 : nil }
    }

    /// Exchanges that are under way.
    package var count: Int { state.withLock { $0.exchanges.count } }

    // MARK: Of those who ask

    /// Asks an edge, and waits for the beginning of its answer.
    ///
    /// - Returns: its head, and the exchange whose pipe has the bytes. Whoever takes them closes the pipe, and so ends the exchange.
    /// - Throws: the edge's refusal; `unavailable` when it does not listen; `resourceExhausted` while too much is asked.
    package func ask(
        _ grant: RelayGrant, _ range: Range<Int64>?, signer: GrantSigner, monotonic: any MonotonicClock
    ) async throws -> (head: RelayHead, exchange: RelayExchange) {
        let request = try signer.request(grant, range)
        let exchange = RelayExchange(grant.request, device: grant.edge, length: Int64(range?.count ?? 0))
        try state.withLock { state in
            guard let edge = state.edges[grant.edge] else { throw Self.away }
            guard state.exchanges.count < Self.limit else { throw Self.busy }
            guard case .enqueued = edge.orders.yield(request) else { throw Self.busy }
            state.exchanges[grant.request] = exchange
        }
        do { return (try await exchange.head(within: Self.patience, monotonic: monotonic), exchange) } catch {
            end(grant.request)
            throw error
        }
    }

    /// Forgets an exchange: nothing more comes.
    func end(_ request: RelayGrant.RequestID) {
        state.withLock { $0.exchanges.removeValue(forKey: request) }?.pipe.close()
    }

    private static var away: GuardianError {
        GuardianError(
            .unavailable,
            "The recorder is not connected, or does not pass recordings on. An owner allows it on its page Settings, under Node."
        )
    }

    private static var busy: GuardianError {
        GuardianError(.resourceExhausted, "Too many recordings are being fetched; try again in a moment.")
    }
}
