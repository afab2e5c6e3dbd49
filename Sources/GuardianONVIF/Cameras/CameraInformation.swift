import GuardianClients
import GuardianCore

/// What a camera says about itself. Texts are cut to 128 bytes, and hold no control characters.
public struct CameraInformation: Sendable, Equatable {
    public var maker: String
    public var model: String
    public var firmware: String
    /// It tells one household's camera from another's, and opens some makers' services: it is shown to the owner only.
    public var serialNumber: Secret<String>

    /// Reads `GetDeviceInformationResponse`.
    package init(_ response: XMLElement) {
        func text(_ name: String) -> String { PlainText.cut(response[name]?.trimmed ?? "", bytes: 128) }
        maker = text("Manufacturer")
        model = text("Model")
        firmware = text("FirmwareVersion")
        serialNumber = Secret(text("SerialNumber"))
    }
}
