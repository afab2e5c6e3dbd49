import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianWire

/// Fetches recordings of a tenant's edges for people who may see them, without keeping anything.
package struct NodeRelay: Sendable {
    /// Most bytes of a picture of now.
    private static let mostOfPicture: Int64 = 8_388_608

    let scope: TenantScope
    /// `nil`: the node's certificate cannot sign grants.
    let signer: GrantSigner?
    private let metrics: RelayMetrics
    let clock: any WallClock
    let monotonic: any MonotonicClock

    package init(
        scope: TenantScope, signer: GrantSigner?, metrics: MetricsRegistry, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        self.scope = scope
        self.signer = signer
        self.metrics = RelayMetrics(metrics)
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

    /// Returns a JPEG of what a camera shows now.
    ///
    /// - Throws: what `EdgeControls.ask` throws; `unavailable` when less arrives than was announced.
    package func picture(of camera: CameraID, at edge: Hash256, for caller: Caller) async throws -> [UInt8] {
        let (head, exchange) = try await ask(.cameraPicture(camera), edge, nil, most: Self.mostOfPicture, caller)
        defer { exchange.pipe.close() }
        var picture: [UInt8] = []
        while let piece = await exchange.pipe.receive() { picture += piece.readableBytesView }
        guard picture.count == head.size, !picture.isEmpty else {
            throw GuardianError(.unavailable, "The recorder's picture did not arrive whole; ask again.")
        }
        return picture
    }

    /// Returns the live view of a camera, until whoever watches stops.
    ///
    /// - Parameter device: whose the camera is now.
    package func live(
        _ camera: CameraID, of device: @escaping @Sendable () -> Hash256?, for caller: Caller
    ) -> AsyncStream<LiveRecord> {
        let live = RelayedLive(
            device: device, ask: { try await ask(.live(camera), $0, nil, most: .max, caller).1 }, clock: clock,
            monotonic: monotonic)
        return AsyncStream { await live.next() }
    }

    private func ask(
        _ item: RelayGrant.Item, _ edge: Hash256, _ range: Range<Int64>?, most: Int64 = 0, _ caller: Caller
    ) async throws -> (RelayHead, RelayExchange) {
        guard let signer else { throw GuardianError.noGrants }
        let principal = caller.principal
        let grant = RelayGrant(
            tenant: scope.tenant.name, edge: edge, account: principal.account?.description ?? "", name: principal.name,
            item: item, issuedAt: clock.now())
        do {
            let asked = try await scope.tenant.controls.ask(
                grant, range, most: most, signer: signer, monotonic: monotonic)
            metrics.count(item.kind, nil)
            return asked
        } catch {
            metrics.count(item.kind, error)
            throw error
        }
    }
}

extension GuardianError {
    /// That the node's key is of a kind with which it cannot ask edges.
    static var noGrants: GuardianError {
        GuardianError(
            .failedPrecondition,
            "This node passes no recordings on: its certificate's key is not of the curve P-256. Its operator can give it another certificate."
        )
    }
}
