import GuardianClients
import GuardianCore
import GuardianMedia

/// Where a camera that is added at run time may be. Whoever may manage cameras must not use the recorder to read its files, or
/// to reach services that trust it: those of its own machine, and those that answer at link-local addresses, such as the metadata
/// services of clouds. The configuration file may name any address: who writes it has the machine.
package struct CameraAddressRules: Sendable {
    /// Whether addresses of this machine, link-local ones and files are allowed all the same.
    package let allowsLocal: Bool
    private let resolver: HostResolver
    /// Addresses of the configuration file, without secrets.
    private let written: Set<String>

    /// - Parameter written: the cameras of the configuration file.
    package init(allowsLocal: Bool, written: [CameraConfiguration] = [], resolver: HostResolver = .system) {
        self.allowsLocal = allowsLocal
        self.resolver = resolver
        self.written = Set(
            written.flatMap { [$0.source, $0.detect] }.compactMap {
                $0.map { CameraChecks.withoutSecrets($0.reveal()) }
            })
    }

    package init(_ configuration: EdgeConfiguration) {
        self.init(allowsLocal: configuration.allowsLocalCameraAddresses, written: configuration.cameras)
    }

    /// Where an address may lead when it is connected to: its name may mean another host by then.
    func reach(of address: Secret<String>) -> CameraReach {
        allowsLocal || written.contains(CameraChecks.withoutSecrets(address.reveal())) ? .anywhere : .networks
    }

    /// - Parameter before: what the camera is now: an address that the configuration file gave may stay.
    /// - Throws: `invalidArgument` whose context names the field, when the camera must not be there.
    package func check(_ camera: CameraConfiguration, instead before: CameraConfiguration? = nil) async throws {
        guard !allowsLocal else { return }
        let known = [before?.source, before?.detect].compactMap { $0.map { CameraChecks.withoutSecrets($0.reveal()) } }
        for (field, address) in [("source", camera.source), ("detect", camera.detect)] {
            guard let text = address?.reveal(), !known.contains(CameraChecks.withoutSecrets(text)),
                let reason = await refusal(of: text)
            else { continue }
            throw CameraConfiguration.refusal(
                field,
                "\(reason) Write such a camera into the configuration file, or allow it there with "
                    + "allowLocalCameraAddresses: true.")
        }
    }

    /// Returns why an address is not allowed; `nil` when it is. A name that is unknown now may be saved: its camera may be off. The
    /// connection looks it up again, and is not made without an answer (`CameraReach`).
    package func refusal(of text: String) async -> String? {
        guard !allowsLocal else { return nil }
        guard !CameraChecks.isFile(text) else { return "A file is no camera." }
        guard let host = try? RTSPAddress(text).endpoint.host else { return "That is no camera's address." }
        if let reason = LocalHost.refusal(of: host) { return reason }
        guard !LocalHost.isNumber(host) else { return nil }
        for address in await resolver.addresses(of: host) {
            if let reason = LocalHost.refusal(of: address) { return "\(host) is \(address). \(reason)" }
        }
        return nil
    }
}
