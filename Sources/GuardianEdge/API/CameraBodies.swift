import GuardianCore
import GuardianHTTP

/// What bodies say of a camera's settings, whether it is new or changed.
protocol CameraSettingsBody: JSONBody {
    var name: String? { get }
    var source: String? { get }
    var detect: String? { get }
    var username: String? { get }
    var password: String? { get }
    var transport: CameraConfiguration.Transport? { get }
    var audio: Bool? { get }
}

extension CameraSettingsBody {
    fileprivate var settings: CameraForm {
        var form = CameraForm(name: name, source: source)
        form.detect = detect
        form.username = username
        form.password = password.map { Secret($0) }
        form.transport = transport
        form.audio = audio
        return form
    }
}

/// Adds a camera, or tests an address that is not saved.
struct NewCameraBody: CameraSettingsBody {
    static let members = ["id", "name", "source", "detect", "username", "password", "transport", "audio"]

    /// Missing: made of the name. When an address is tested, the camera whose passwords it may use.
    var id: String?
    var name: String?
    var source: String?
    var detect: String?
    var username: String?
    var password: String?
    var transport: CameraConfiguration.Transport?
    var audio: Bool?

    var form: CameraForm {
        var form = settings
        form.id = id
        return form
    }
}

/// Changes a camera; what is missing stays.
struct CameraChangeBody: CameraSettingsBody {
    static let members = ["name", "source", "detect", "username", "password", "transport", "audio", "paused"]

    var name: String?
    var source: String?
    /// Empty: none any more.
    var detect: String?
    var username: String?
    var password: String?
    var transport: CameraConfiguration.Transport?
    var audio: Bool?
    var paused: Bool?

    var form: CameraForm {
        var form = settings
        form.isPaused = paused
        return form
    }
}
