import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianWire

/// Fetches recordings of a tenant's edges for people who may see them, without keeping anything.
package struct NodeRelay: Sendable {
    let scope: TenantScope
    let signer: GrantSigner
    let clock: any WallClock
    let monotonic: any MonotonicClock

    package init(
        scope: TenantScope, signer: GrantSigner, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        self.scope = scope
        self.signer = signer
        self.clock = clock
        self.monotonic = monotonic
    }

    /// - Parameter edge: the device that has the item; `nil` when none of the tenant's has.
    /// - Throws: `notFound`, and what `EdgeControls.ask` throws.
    package func content(_ item: RelayGrant.Item, of edge: Hash256?, for caller: Caller) async throws -> RemoteContent {
        guard let edge else { throw GuardianError(.notFound, "No recorder has it.") }
        let (head, asked) = try await ask(item, edge, nil, caller)
        scope.tenant.controls.end(asked.request)
        return RemoteContent(size: head.size, etag: head.etag, isGrowing: head.isGrowing) { range in
            let (now, exchange) = try await ask(item, edge, range, caller)
            // Its tag and its length were those of the head.
            guard head.isGrowing || now.etag == head.etag else {
                scope.tenant.controls.end(exchange.request)
                throw GuardianError(.unavailable, "The recorder has just replaced it; ask again.")
            }
            return { out in
                // Whether or not everything was taken: the edge need not send more.
                defer { exchange.pipe.close() }
                while let piece = await exchange.pipe.receive() { try await out.send(piece) }
            }
        }
    }

    private func ask(
        _ item: RelayGrant.Item, _ edge: Hash256, _ range: Range<Int64>?, _ caller: Caller
    ) async throws -> (RelayHead, RelayExchange) {
        let principal = caller.principal
        let grant = RelayGrant(
            tenant: scope.tenant.name, edge: edge, account: principal.account?.description ?? "", name: principal.name,
            item: item, issuedAt: clock.now())
        return try await scope.tenant.controls.ask(grant, range, signer: signer, monotonic: monotonic)
    }
}
