import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import GuardianTelemetry
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// The newest instance of something that a supervised component makes; `nil` before the first one.
package final class Slot<Value: Sendable>: Sendable {
    private let current: Mutex<Value?>

    package init(_ value: Value? = nil) { current = Mutex(value) }

    package var value: Value? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

/// The components that recording does not depend on: each may fail to start, and is tried again.
package final class EdgeComponents: Sendable {
    let delivery: Delivery?
    /// `nil` when no node is configured.
    private let renewal: CertificateRenewal?
    /// The node's host and port; `nil` when none is configured.
    let nodeAddress: String?
    /// The archive once somebody can open it, and never when its section or the node's is refused; `nil` when no node is configured.
    let archive: Slot<EdgeArchive>?
    /// `nil` when no node is configured.
    let archiveLink: ArchiveLink?
    let telemetry: EdgeTelemetry
    /// `nil` when no node is configured.
    private let telemetrySender: TelemetrySender?
    private let measuring = Slot<SupervisedService>()
    /// The AI service's process, if the edge starts it.
    let child: Slot<SupervisedProcess>
    private let supervised: [SupervisedService]
    private let webServer = Slot<SupervisedService>()
    private let relay = Slot<SupervisedService>()
    private let relayLink = Slot<RelayLink>()
    /// Of the accounts, once they are open.
    private let audit = Slot<AuditLog>()
    /// `nil` when no node is configured.
    private let node: NodeTarget?
    private let clock: any WallClock
    private let logger: Logger
    private let address: ListenAddress
    private let tls: WebTLSConfiguration
    private let access: WebAccessConfiguration
    private let state: StateFolder
    private let certificates = Slot<WebCertificates>()
    private let identity: IdentityFiles
    private let deviceKey: DeviceKey

    init(
        _ configuration: EdgeConfiguration, state: EdgeState, cameras: CameraRegistry, link: InferenceLink,
        metrics: MetricsRegistry, clock: any WallClock, logger: Logger
    ) {
        self.clock = clock
        self.logger = logger
        address = configuration.web
        tls = configuration.webTLS
        access = configuration.webAccess
        self.state = state.folder
        identity = IdentityFiles(folder: state.folder.path)
        deviceKey = state.deviceKey
        let node = configuration.node?.target
        self.node = node
        nodeAddress = configuration.node?.address
        var supervised: [SupervisedService] = []
        func supervise(_ name: String, _ make: @escaping @Sendable () async throws -> any Service) {
            supervised.append(SupervisedService(name, clock: clock, logger: logger, make: make))
        }

        let delivery = node.map { node in
            Delivery(
                journal: state.journal,
                settings: DeliverySettings(node: node),
                metrics: metrics, logger: logger, clock: clock)
        }
        self.delivery = delivery
        renewal = node.map { node in
            CertificateRenewal(
                files: node.credentials,
                enrolment: .ofThisHost(key: state.deviceKey, files: node.credentials, logger: logger),
                wallClock: clock, logger: logger)
        }

        let telemetry = EdgeTelemetry(
            path: state.folder.telemetryDatabase, device: state.deviceKey.publicKey.fingerprint, hasNode: node != nil,
            metrics: metrics, clock: clock, logger: logger)
        self.telemetry = telemetry
        telemetrySender = node.map { TelemetrySender(telemetry.file, node: $0, clock: clock, logger: logger) }

        let slot = Slot<EdgeArchive>()
        // Without its section everything would be archived: a refused one may have said that little is.
        if let node, !configuration.refuses(.archive) {
            let archive = configuration.archive ?? ArchiveConfiguration()
            supervise("archive") {
                ArchiveBeginning(settings: state.settings, journal: state.journal, slot: slot, logger: logger) {
                    try await EdgeArchive.open(
                        archive, node: node, state: state, cameras: { cameras.ids }, delivery: delivery,
                        metrics: metrics, clock: clock, logger: logger)
                }
            }
        }
        archive = configuration.hasNode ? slot : nil

        if let node {
            let link = ArchiveLink(node, logger: logger)
            supervise("archive reading") { link }
            archiveLink = link
        } else {
            archiveLink = nil
        }

        let child = Slot<SupervisedProcess>()
        if case .child(let socket) = configuration.inference.place {
            supervise("AI service") {
                let process = try InferenceChild.supervised(
                    socket: socket, configuration: configuration.inference, folder: state.folder, logger: logger)
                child.value = process
                let restart = InferenceRestart(link: link, logger: logger) { process.restart() }
                return ServiceBundle([process, restart], logger: logger)
            }
        }
        self.child = child
        self.supervised = supervised
    }

    /// The services but for the web server, in the order of their start.
    var services: [any Service] {
        let link: [(any Service)?] = [
            TelemetryCloser(file: telemetry.file), TelemetryUpkeep(telemetry.file, logger: logger), delivery, renewal,
            telemetrySender,
        ]
        return link.compactMap(\.self) + supervised
    }

    /// Returns the service that runs the web server.
    ///
    /// - Parameter onSetupLink: called with the setup link when it is made.
    func web(
        _ sources: EdgeSources, metrics: MetricsRegistry, onSetupLink: @escaping @Sendable (SetupLink) -> Void
    ) -> SupervisedService {
        let service = SupervisedService("web server", clock: clock, logger: logger) {
            [address, tls, access, folder = state.path, slot = certificates, identity, deviceKey, audit, clock, logger]
            in
            let accounts = try await WebAccounts.open(
                identity, page: PageAddresses(of: address, tls: tls).first,
                sign: { try deviceKey.signature(ofSeparated: $0) }, onSetupLink: onSetupLink, clock: clock,
                logger: logger)
            audit.value = accounts.identity.audit
            let certificates = try WebCertificates(tls, state: folder, server: "edge", clock: clock, logger: logger)
            slot.value = certificates
            let server = try EdgeAPI.server(
                sources, address: address, tls: certificates, gate: accounts.gate, access: access,
                accounts: accounts, pages: try WebUI.bundled(for: .edge), metrics: metrics, logger: logger)
            return ServiceBundle([accounts, server], logger: logger)
        }
        webServer.value = service
        return service
    }

    /// Returns the service that passes recordings on to the node; `nil` without one.
    ///
    /// - Parameter sources: whose files are sent.
    func relay(_ sources: EdgeSources, settings: EdgeSettingsStore) -> SupervisedService? {
        guard let node else { return nil }
        let record = RelayRecord(clock: clock) { [audit] in audit.value }
        let service = SupervisedService(RelayLink.component, clock: clock, logger: logger) {
            [deviceKey, relayLink, clock, logger] in
            let answers = RelayAnswers(
                device: deviceKey.publicKey.fingerprint,
                tenant: { EdgeCertificate.identity(inFile: node.credentials.certificate)?.tenant },
                content: { item in
                    switch item {
                    case .clip(let clip): .file(try await sources.file(of: clip))
                    case .indexedClip(let clip): .file(try await sources.file(of: clip).indexed())
                    case .snapshot(let event): .file(try await sources.picture(of: event))
                    case .cameraPicture(let camera): .picture(try await sources.camera(camera).snapshot())
                    case .live(let camera): .live(try await sources.camera(camera).live())
                    }
                }, record: { try await record.write($0) }, clock: clock, logger: logger)
            let link = RelayLink(
                node, settings: settings, answers: answers, cameras: { await sources.reports() }, logger: logger)
            relayLink.value = link
            return link
        }
        relay.value = service
        return service
    }

    /// Returns the service that measures the edge.
    ///
    /// - Parameters:
    ///   - status: as the owner sees it.
    ///   - cameras: of which some counts are no part of the status.
    func measuring(
        _ status: @escaping @Sendable () async throws -> StatusView, cameras: @escaping @Sendable () -> [CameraEntry]
    ) -> SupervisedService {
        let service = SupervisedService(EdgeTelemetry.component, clock: clock, logger: logger) { [telemetry] in
            TelemetryMeasuring(telemetry: telemetry, status: status) {
                let counts = cameras().compactMap { entry in
                    (entry.running?.session.health).map { (entry.record.id, TelemetrySampler.CameraCounts($0)) }
                }
                return Dictionary(counts, uniquingKeysWith: { first, _ in first })
            }
        }
        measuring.value = service
        return service
    }

    /// What is wrong with the telemetry.
    var telemetryProblems: [FindingView] { telemetry.problems + (telemetrySender?.problems ?? []) }

    /// What is wrong with passing recordings on.
    var relayProblems: [FindingView] { relayLink.value?.problems ?? [] }

    /// What is wrong with the web server's certificate, and with that for the node.
    var certificateProblems: [FindingView] { (certificates.value?.problems ?? []) + (renewal?.problems ?? []) }

    /// When the certificates end that the edge uses, by what it uses them for.
    var certificateEnds: [CertificateUse: Timestamp] {
        var ends: [CertificateUse: Timestamp] = [:]
        ends[.web] = certificates.value?.end
        ends[.node] = renewal?.state.validity?.end
        return ends
    }

    /// The components and their states.
    var states: [(name: String, state: SupervisedService.State)] {
        (supervised + [measuring.value, relay.value, webServer.value].compactMap(\.self)).map { ($0.name, $0.state) }
    }
}
