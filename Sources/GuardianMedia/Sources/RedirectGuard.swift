import CLibAV
import GuardianCore

/// Watches where a camera's redirects lead. libav follows every redirect, and logs in there with the user name and password
/// of the first address.
///
/// It is asked as libav's interrupt callback, which libav calls before each read and write of every connection: so it ends
/// a redirected connection before anything is sent on it. Used from the source's thread.
final class RedirectGuard {
    /// Redirects in one connection; more are taken for a circle.
    static let limit = 8

    private let interruption: Interruption
    private let address: RTSPAddress?
    /// Whose password must be told to no other place: the camera, also when a relay is opened instead of it.
    private let camera: RTSPAddress?
    /// libav's, while it is open. Each redirect replaces its URL by another string at another place.
    var context: UnsafeMutablePointer<AVFormatContext>?
    private var url: UnsafeMutablePointer<CChar>?
    private var count = 0
    private var refusal: GuardianError?

    /// - Parameters:
    ///   - address: what is opened; `nil` for a file.
    ///   - camera: the camera behind it, when it is a relay.
    init(_ address: RTSPAddress?, camera: RTSPAddress? = nil, _ interruption: Interruption) {
        self.address = address
        self.camera = camera ?? address
        self.interruption = interruption
    }

    /// Whether the current call of libav must end.
    var mustEnd: Bool {
        if interruption.isDue || refusal != nil { return true }
        guard let address, let current = context?.pointee.url, current != url else { return false }
        let isFirst = url == nil
        url = current
        guard !isFirst else { return false }
        count += 1
        refusal = refusal(of: String(cString: current), from: address)
        return refusal != nil
    }

    private func refusal(of text: String, from address: RTSPAddress) -> GuardianError? {
        guard count <= Self.limit else {
            return GuardianError(
                .failedPrecondition, "The camera redirects in a circle: check its address, or restart it.")
        }
        guard let target = try? RTSPAddress(text) else {
            return GuardianError(.failedPrecondition, "The camera redirects to an address that is not RTSP.")
        }
        // A camera must not choose what of this machine the recorder connects to, unless it is there itself.
        if LocalHost.refusal(of: address.endpoint.host) == nil, let reason = LocalHost.refusal(of: target.endpoint.host)
        {
            return GuardianError(.permissionDenied, "The camera redirects to \(target.endpoint). \(reason)")
        }
        guard let camera, camera.credentials != nil, target.endpoint != address.endpoint else { return nil }
        return GuardianError(
            .permissionDenied,
            "The camera redirects to \(target.endpoint), which is not told the password of \(camera.endpoint). "
                + "If it is right, write the new address as the camera's source.")
    }

    /// Returns the error of a libav call that failed with `code`.
    func error(_ code: Int32, _ doing: String) -> GuardianError {
        if interruption.wasInterrupted { return interruption.error(code, doing) }
        return refusal ?? interruption.error(code, doing)
    }
}
