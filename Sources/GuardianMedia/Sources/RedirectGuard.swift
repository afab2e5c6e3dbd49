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

    static let circle = GuardianError(
        .failedPrecondition, "The camera redirects in a circle: check its address, or restart it.")

    /// A redirect to a name that libav must not look up itself.
    struct NameRedirect: Error {
        var target: RTSPAddress
    }

    /// What is opened, and whose password must be told to no other place: the camera, also when an address of its name or a relay is
    /// opened instead of it.
    private struct Way {
        var opened: RTSPAddress
        var camera: RTSPAddress
        var reach: CameraReach
    }

    private let interruption: Interruption
    /// `nil` for a file.
    private let way: Way?
    /// libav's, while it is open. Each redirect replaces its URL by another string at another place.
    var context: UnsafeMutablePointer<AVFormatContext>?
    private var url: UnsafeMutablePointer<CChar>?
    private var count = 0
    private var refusal: GuardianError?
    /// Where the camera redirects to, when that is a name to be looked up by us.
    private(set) var redirect: NameRedirect?

    /// For a file.
    init(_ interruption: Interruption) {
        way = nil
        self.interruption = interruption
    }

    /// - Parameters:
    ///   - opened: what libav opens: the camera, an address of its name, or a relay.
    ///   - camera: the camera as its address is written.
    init(_ opened: RTSPAddress, of camera: RTSPAddress, reach: CameraReach, _ interruption: Interruption) {
        way = Way(opened: opened, camera: camera, reach: reach)
        self.interruption = interruption
    }

    /// Whether the current call of libav must end.
    var mustEnd: Bool {
        if interruption.isDue || refusal != nil || redirect != nil { return true }
        guard let way, let current = context?.pointee.url, current != url else { return false }
        let isFirst = url == nil
        url = current
        guard !isFirst else { return false }
        count += 1
        do throws(GuardianError) {
            redirect = try nameRedirect(to: String(cString: current), way)
        } catch {
            refusal = error
        }
        return refusal != nil || redirect != nil
    }

    /// Returns the redirect that is not libav's to follow; `nil` when libav may go on.
    ///
    /// - Throws: why nobody may follow it.
    private func nameRedirect(to text: String, _ way: Way) throws(GuardianError) -> NameRedirect? {
        guard count <= Self.limit else { throw Self.circle }
        guard let target = try? RTSPAddress(text) else {
            throw GuardianError(.failedPrecondition, "The camera redirects to an address that is not RTSP.")
        }
        // Back to the same place, which may be a relay on this machine.
        guard target.endpoint != way.opened.endpoint else { return nil }
        let camera = way.camera
        // A camera must not choose what of this machine the recorder connects to, unless it is there itself.
        if LocalHost.refusal(of: camera.endpoint.host) == nil, let reason = LocalHost.refusal(of: target.endpoint.host)
        {
            throw GuardianError(.permissionDenied, "The camera redirects to \(target.endpoint). \(reason)")
        }
        guard camera.credentials == nil || target.endpoint == camera.endpoint else {
            throw GuardianError(
                .permissionDenied,
                "The camera redirects to \(target.endpoint), which is not told the password of \(camera.endpoint). "
                    + "If it is right, write the new address as the camera's source.")
        }
        return way.reach.pins(target.endpoint.host) ? NameRedirect(target: target) : nil
    }

    /// Returns the error of a libav call that failed with `code`.
    func error(_ code: Int32, _ doing: String) -> GuardianError {
        if interruption.wasInterrupted { return interruption.error(code, doing) }
        return refusal ?? interruption.error(code, doing)
    }
}
