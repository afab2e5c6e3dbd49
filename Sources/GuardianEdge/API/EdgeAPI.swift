import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import Logging

/// The edge's HTTP server: the API of `OpenAPI/edge.yaml` and the pages.
public enum EdgeAPI {
    /// - Parameters:
    ///   - tls: its certificate; `nil` only in tests.
    ///   - gate: finds out who asks.
    ///   - access: whom it believes.
    ///   - accounts: whose routes are served; `nil` where nobody logs in.
    ///   - pages: the web UI; `nil` serves only the API.
    ///   - onListening: called with the port once the server accepts connections.
    /// - Throws: `failed_precondition` when the OpenAPI description is not beside the executable.
    public static func server(
        _ sources: EdgeSources, address: ListenAddress, tls: WebCertificates? = nil, gate: Gate,
        access: WebAccessConfiguration = .standard, accounts: WebAccounts? = nil, pages: WebUI?,
        metrics: MetricsRegistry, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> WebServer {
        let statusCache = StatusCache(monotonic: sources.monotonic, sources.status)
        return try WebServer(
            address: address, tls: tls, gate: gate, access: access, metrics: metrics, logger: logger,
            onListening: onListening
        ) { routes in
            routes.addHealth(readiness: sources.readiness)
            try routes.addDescription(.edge)
            routes.get("/api/v1/status", needs: .mayForAllCameras(.readStatus)) { _ in
                try JSON.response(try await sources.status())
            }
            routes.addCameras(CameraReading(sources), monotonic: sources.monotonic)
            routes.addCameraTests(sources)
            let audit = accounts.map { Self.audit($0.identity.audit) }
            routes.addCameraManagement(sources, audit: audit)
            routes.addDiscovery(sources, audit: audit)
            routes.addConfig(sources, audit: accounts.map { Self.settingsAudit($0.identity.audit) })
            routes.addRecipients(sources, audit: accounts.map { Self.recipientAudit($0.identity.audit) })
            routes.addNode(sources, audit: accounts.map { Self.nodeAudit($0.identity.audit) })
            let names = sources.names
            routes.addEvents(
                EventReading(sources), clock: sources.clock, monotonic: sources.monotonic,
                key: WebAccounts.eventPositionKey(of: accounts)
            ) { principal in
                await statusCache.current().map { $0.seen(by: principal, names: names) }
            }
            routes.addKeeping(sources)
            routes.addMedia(sources)
            routes.addJournal(sources)
            let catalogue = sources.journal.catalogue
            routes.addCoverage(
                CoverageReading(
                    gaps: { try await catalogue.gaps(cameras: $0, from: $1, to: $2) },
                    watchedSince: { try await catalogue.watchedSince($0) }, all: { Set(sources.cameras.map(\.id)) },
                    names: names), clock: sources.clock)
            routes.addArchive(sources.archive ?? .absent(cameras: sources.names))
            routes.addTelemetry(
                sources.telemetry ?? TelemetryReading(nil, journal: sources.journal, names: names), clock: sources.clock
            )
            routes.addQRCodes()
            if let accounts { routes.addAccounts(accounts) { names } }
            if let pages { routes.addPages(pages) }
        }
    }

    private static func audit(_ log: AuditLog) -> Routes.CameraAudit {
        { action, caller, camera, details in
            try await log.record(action, by: caller, about: camera?.description, details)
        }
    }

    private static func settingsAudit(_ log: AuditLog) -> Routes.SettingsAudit {
        { caller, changed in
            try await log.record(
                .settingsChanged, by: caller, about: nil, ["changed": changed.joined(separator: ", ")])
        }
    }

    private static func nodeAudit(_ log: AuditLog) -> Routes.NodeAudit {
        { caller, change, node in
            try await log.record(.nodeChanged, by: caller, about: nil, ["changed": change, "node": node])
        }
    }

    private static func recipientAudit(_ log: AuditLog) -> Routes.RecipientAudit {
        { caller, change, recipient in
            try await log.record(
                .recipientsChanged, by: caller, about: nil,
                ["changed": change, "recipient": recipient.recipient.keyID.text, "name": recipient.name ?? ""])
        }
    }
}
