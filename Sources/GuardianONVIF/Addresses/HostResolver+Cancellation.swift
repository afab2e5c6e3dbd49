import GuardianClients
import GuardianCore

extension HostResolver {
    /// Returns the addresses of a host, and none as soon as this task is cancelled: the machine's resolver cannot be interrupted
    /// and may wait for half a minute. The look-up then ends by itself, unheard.
    func addressesUntilCancelled(of host: String) async -> [IPAddress] {
        let answers = AsyncStream<[IPAddress]>(bufferingPolicy: .bufferingOldest(1)) { continuation in
            let lookUp = Task {
                continuation.yield(await addresses(of: host))
                continuation.finish()
            }
            continuation.onTermination = { _ in lookUp.cancel() }
        }
        // The stream ends when this task is cancelled.
        for await addresses in answers { return addresses }
        return []
    }
}
