import GuardianClients

/// Where a camera's media services are, at the host that we talk to.
package struct CameraServices: Sendable, Equatable {
    package var media1: CameraAddress?
    /// Knows H.265; not all cameras have it.
    package var media2: CameraAddress?

    /// Reads `GetServicesResponse`, or `GetCapabilitiesResponse` of cameras that know only that.
    package init(_ response: XMLElement, of camera: CameraAddress) {
        for service in response.all("Service").prefix(64) {
            guard let address = service["XAddr"].flatMap({ camera.service(at: $0.trimmed) }) else { continue }
            switch service["Namespace"]?.trimmed {
            case ONVIFNamespace.media1: media1 = media1 ?? address
            case ONVIFNamespace.media2: media2 = media2 ?? address
            default: break
            }
        }
        let capability = response["Capabilities"]?["Media"]?["XAddr"]
        media1 = media1 ?? capability.flatMap { camera.service(at: $0.trimmed) }
    }
}
