import GuardianCore

/// Why a camera did not do what it was asked for. It is the cause of the `GuardianError` that callers get.
public enum CameraFailure: Error, Sendable, Equatable {
    case unknownHost
    case noRoute
    case connectionRefused
    case timedOut
    /// The connection ended, or could not be encrypted.
    case connectionFailed
    case forbiddenAddress(AddressKind)
    /// It redirects to another host, too often, or from an encrypted address to one without encryption.
    case redirectedAway
    case notONVIF(String)
    case answerTooLarge
    case passwordNeeded
    case wrongPassword
    /// The login was refused, and the camera's clock is so far off (seconds, positive: ahead), or cannot be read (`nil`), that
    /// this may be why.
    case clockWrong(seconds: Int64?)
    case locked
    /// The camera takes the password only in a form that others on the network can read.
    case clearTextNeeded
    /// The login is right, and this user may not ask for this.
    case notPermitted
    /// Any other answer that says no, in the camera's words.
    case fault(String)

    /// - Parameter camera: how a person knows it: host and port.
    package func error(_ camera: String) -> GuardianError {
        GuardianError(code, message(camera), cause: self)
    }

    /// Whether no other question to this camera would be answered now.
    package var isFinal: Bool {
        switch self {
        case .unknownHost, .noRoute, .connectionRefused, .timedOut, .forbiddenAddress: true
        default: false
        }
    }

    private var code: GuardianError.Code {
        switch self {
        case .unknownHost: .notFound
        case .noRoute, .connectionRefused, .connectionFailed: .unavailable
        case .timedOut: .deadlineExceeded
        case .passwordNeeded, .wrongPassword, .clockWrong: .unauthenticated
        case .forbiddenAddress, .locked, .notPermitted: .permissionDenied
        case .redirectedAway, .notONVIF, .answerTooLarge, .clearTextNeeded, .fault: .failedPrecondition
        }
    }

    private func message(_ camera: String) -> String {
        switch self {
        case .unknownHost: "No address is known for \(camera): check the name, or use the camera's IP address."
        case .noRoute:
            "\(camera) cannot be reached: check that the camera has power, and that it and this machine are in one network."
        case .connectionRefused:
            "\(camera) refuses the connection: turn on ONVIF in the camera's settings, or give the port that they name "
                + "for it."
        case .timedOut: "\(camera) does not answer in time: check the address, and whether the camera is overloaded."
        case .connectionFailed: "\(camera) ended the connection: try again, and restart the camera if it happens again."
        case .forbiddenAddress(let kind):
            "\(camera) is \(Self.name(of: kind)), and such addresses are not asked\(Self.remedy(for: kind))."
        case .redirectedAway:
            "\(camera) leads elsewhere, and nothing is sent there: use the address that the camera's settings give for ONVIF."
        case .notONVIF(let reason):
            "\(camera) answers, but not as an ONVIF camera (\(reason)): turn on ONVIF in its settings, or check the port."
        case .answerTooLarge:
            "\(camera) sends an answer that is far too large: it may be no camera, or need new firmware."
        case .passwordNeeded: "\(camera) wants a login: give the name and password of one of its ONVIF users."
        case .wrongPassword:
            "\(camera) refuses the name or the password. Some cameras have users of their own for ONVIF: check them there. It "
                + "is not tried again by itself, because cameras lock after a few wrong ones."
        case .clockWrong(let seconds?):
            "\(camera) refuses the login, and its clock is \(CameraClock.words(secondsAhead: seconds)): set its clock, then check the name and "
                + "the password."
        case .clockWrong(nil):
            "\(camera) refuses the login and does not tell its time: set its clock, then check the name and the password."
        case .locked:
            "\(camera) has locked logins after wrong ones: wait half an hour or restart the camera, then try the right "
                + "password once."
        case .clearTextNeeded:
            "\(camera) takes the password only in clear text, which others on the network can read: allow it for this camera, "
                + "or turn on digest authentication in its settings."
        case .notPermitted: "\(camera) does not let this user ask for that: use one with the rights of an operator."
        case .fault(let words): "\(camera) says no: \(words)."
        }
    }

    private static func name(of kind: AddressKind) -> String {
        switch kind {
        case .loopback: "this machine itself"
        case .linkLocal: "a link-local address"
        case .multicast: "a multicast address"
        case .metadata: "the address of a cloud's keys"
        case .public, .private, .reserved: "no address of a camera"
        }
    }

    private static func remedy(for kind: AddressKind) -> String {
        switch kind {
        case .loopback: " unless loopback is allowed"
        case .linkLocal: ": give the camera an address of your network, or allow link-local ones of IPv4"
        default: ""
        }
    }
}

extension CameraFailure: CustomStringConvertible {
    /// For logs, which have the camera beside it.
    public var description: String {
        switch self {
        case .unknownHost: "unknown host"
        case .noRoute: "no route"
        case .connectionRefused: "connection refused"
        case .timedOut: "timed out"
        case .connectionFailed: "connection failed"
        case .forbiddenAddress(let kind): "address not asked: \(kind.rawValue)"
        case .redirectedAway: "redirected away"
        case .notONVIF(let reason): "not ONVIF: \(reason)"
        case .answerTooLarge: "answer too large"
        case .passwordNeeded: "login needed"
        case .wrongPassword: "wrong name or password"
        case .clockWrong(let seconds?): "login refused, clock \(seconds) s ahead"
        case .clockWrong(nil): "login refused, clock unknown"
        case .locked: "locked"
        case .clearTextNeeded: "clear text needed"
        case .notPermitted: "not permitted"
        case .fault(let words): "fault: \(words)"
        }
    }
}
