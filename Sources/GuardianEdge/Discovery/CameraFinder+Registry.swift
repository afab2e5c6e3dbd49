import GuardianMedia
import GuardianONVIF
import Logging

extension CameraFinder {
    /// Finds cameras for a recorder, under the rules by which they are added there.
    package convenience init(for registry: CameraRegistry, logger: Logger) {
        let allowsLocal = registry.rules.allowsLocal
        self.init(
            rules: AddressRules(allowsLoopback: allowsLocal, allowsLinkLocal: allowsLocal),
            saved: { registry.alias(at: $0) }, logger: logger)
    }
}

extension CameraRegistry {
    /// The first camera whose main stream is at a host; a name and its address are not the same here.
    fileprivate func alias(at host: String) -> String? {
        settings.list.records.first { record in
            let endpoint = try? RTSPAddress(record.camera.source.reveal()).endpoint
            return endpoint.map { PlainURI.isSame($0.host, host) } ?? false
        }?.alias.text
    }
}
