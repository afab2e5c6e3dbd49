/// The questions that we ask: ONVIF Core Specification, chapter 8; Media Service Specification; Media 2 Service Specification.
extension ONVIFRequest {
    package static let dateAndTime = ONVIFRequest(service: ONVIFNamespace.device, operation: "GetSystemDateAndTime")
    package static let information = ONVIFRequest(service: ONVIFNamespace.device, operation: "GetDeviceInformation")
    package static let services = ONVIFRequest(
        service: ONVIFNamespace.device, operation: "GetServices",
        content: "<IncludeCapability>false</IncludeCapability>")
    package static let capabilities = ONVIFRequest(
        service: ONVIFNamespace.device, operation: "GetCapabilities", content: "<Category>All</Category>")
    package static let profiles1 = ONVIFRequest(service: ONVIFNamespace.media1, operation: "GetProfiles")
    package static let profiles2 = ONVIFRequest(
        service: ONVIFNamespace.media2, operation: "GetProfiles",
        content: "<Type>VideoSource</Type><Type>VideoEncoder</Type>")

    package static func streamURI1(_ token: String) -> ONVIFRequest {
        ONVIFRequest(
            service: ONVIFNamespace.media1, operation: "GetStreamUri",
            content: "<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol>"
                + "</tt:Transport></StreamSetup><ProfileToken>\(XMLText.escaped(token))</ProfileToken>")
    }

    package static func streamURI2(_ token: String) -> ONVIFRequest {
        ONVIFRequest(
            service: ONVIFNamespace.media2, operation: "GetStreamUri",
            content: "<Protocol>RTSP</Protocol><ProfileToken>\(XMLText.escaped(token))</ProfileToken>")
    }

    package static func snapshotURI1(_ token: String) -> ONVIFRequest {
        ONVIFRequest(
            service: ONVIFNamespace.media1, operation: "GetSnapshotUri",
            content: "<ProfileToken>\(XMLText.escaped(token))</ProfileToken>")
    }

    package static func snapshotURI2(_ token: String) -> ONVIFRequest {
        ONVIFRequest(
            service: ONVIFNamespace.media2, operation: "GetSnapshotUri",
            content: "<ProfileToken>\(XMLText.escaped(token))</ProfileToken>")
    }
}
