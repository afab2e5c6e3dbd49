import GuardianClients
import GuardianCore

/// Connects to a camera: directly, or through a relay when it is known to need one or wants a login that libav does not know.
struct RTSPConnector {
    let camera: RTSPAddress
    let reach: CameraReach
    let options: RTSPSource.Options
    let interruption: Interruption

    /// Returns the open connection, and the relay that it goes through, to be closed after it.
    ///
    /// - Throws: what `CameraReach.places` throws, and why there is no stream.
    func connect() throws -> (Demuxer, RTSPRelay?) {
        var camera = camera
        for _ in 0...RedirectGuard.limit {
            do { return try connect(to: camera) } catch let redirect as RedirectGuard.NameRedirect {
                camera =
                    redirect.target.endpoint == camera.endpoint
                    ? camera.with(tail: redirect.target.tail) : redirect.target
            }
        }
        throw RedirectGuard.circle
    }

    /// Connects to the first of a camera's places that answers.
    private func connect(to camera: RTSPAddress) throws -> (Demuxer, RTSPRelay?) {
        var places = try reach.places(of: camera)[...]
        while let place = places.popFirst() {
            do { return try connect(to: camera, at: place) } catch let error as GuardianError
                where error.code == .unavailable && !places.isEmpty
            { continue }
        }
        throw GuardianError(.unavailable, "The camera has no address.")
    }

    private func connect(to camera: RTSPAddress, at place: RTSPAddress) throws -> (Demuxer, RTSPRelay?) {
        // A relay carries RTP within the connection, and no TLS.
        let mayRelay = options.transport == .tcp && !camera.endpoint.isSecure
        if mayRelay, RTSPQuirks.known.needsRelay(camera.endpoint) {
            return try relayed(camera, at: place, answersOnlyOthers: false)
        }
        do {
            return (try demuxer(place, of: camera), nil)
        } catch let error as GuardianError where error.code == .unauthenticated && camera.credentials != nil {
            guard mayRelay else {
                throw GuardianError(
                    .unauthenticated,
                    "\(error.message.dropLast()), or the camera demands a login other than Digest with MD5 or Basic, which "
                        + "works only with rtsp:// and transport: tcp.", cause: error)
            }
            let connection = try relayed(camera, at: place, answersOnlyOthers: true)
            RTSPQuirks.known.noteNeedsRelay(camera.endpoint)
            return connection
        }
    }

    private func relayed(
        _ camera: RTSPAddress, at place: RTSPAddress, answersOnlyOthers: Bool
    ) throws -> (Demuxer, RTSPRelay?) {
        let relay = try RTSPRelay(camera, at: place.endpoint, answersOnlyOthers: answersOnlyOthers)
        do {
            return (try demuxer(relay.local, of: camera), relay)
        } catch let redirect as RedirectGuard.NameRedirect {
            relay.close()
            throw redirect
        } catch {
            relay.close()
            let failure = GuardianError.wrap(error, "The camera cannot be read.")
            throw failure.code == .unauthenticated ? Self.refusal(of: relay.demanded) ?? failure : failure
        }
    }

    /// Says what login a camera demands, when it is none that we know.
    private static func refusal(of demanded: [HTTPChallenge]) -> GuardianError? {
        guard !demanded.isEmpty, HTTPChallenge.best(of: demanded) == nil else { return nil }
        let names = demanded.compactMap { challenge in
            if case .unknown(let name) = challenge.scheme { name } else { nil }
        }
        return GuardianError(
            .unauthenticated,
            "The camera demands a login that is not known here (\(names.joined(separator: ", "))): set it to Digest or Basic."
        )
    }

    /// - Parameter place: what libav opens: the camera, an address of it, or a relay.
    private func demuxer(_ place: RTSPAddress, of camera: RTSPAddress) throws -> Demuxer {
        try Demuxer(
            address: place.text, redirects: RedirectGuard(place, of: camera, reach: reach, interruption),
            what: RTSPSource.what,
            options: [
                "rtsp_transport": options.transport.rawValue,
                "allowed_media_types": options.wantsAudio ? "video+audio" : "video",
                "timeout": String(Int64(max(options.openTimeout, options.readTimeout) * 1_000_000)),
                "buffer_size": "1048576",
                // This process holds the keys: it parses a camera's stream, and never decodes it.
                "codec_whitelist": "none",
            ], probing: false, wantsAudio: options.wantsAudio, interruption: interruption)
    }
}
