import GuardianClients
import GuardianCore

/// Connects to a camera: directly, or through a relay when it is known to need one or wants a login that libav does not know.
struct RTSPConnector {
    let camera: RTSPAddress
    /// The same, as it is written.
    let address: Secret<String>
    let options: RTSPSource.Options
    let interruption: Interruption

    /// Returns the open connection, and the relay that it goes through, to be closed after it.
    func connect() throws -> (Demuxer, RTSPRelay?) {
        // A relay carries RTP within the connection, and no TLS.
        let mayRelay = options.transport == .tcp && !camera.endpoint.isSecure
        if mayRelay, RTSPHabits.known.needsRelay(camera.endpoint) { return try relayed(answersOnlyOthers: false) }
        do {
            let scheme = camera.endpoint.isSecure ? "rtsps" : "rtsp"
            // libav knows schemes in lower case only.
            return (try demuxer(Secret(scheme + address.reveal().drop { $0 != ":" }), camera), nil)
        } catch let error as GuardianError where error.code == .unauthenticated && camera.credentials != nil {
            guard mayRelay else {
                throw GuardianError(
                    .unauthenticated,
                    "\(error.message.dropLast()), or the camera demands a login other than Digest with MD5 or Basic, which "
                        + "works only with rtsp:// and transport: tcp.", cause: error)
            }
            let connection = try relayed(answersOnlyOthers: true)
            RTSPHabits.known.noteNeedsRelay(camera.endpoint)
            return connection
        }
    }

    private func relayed(answersOnlyOthers: Bool) throws -> (Demuxer, RTSPRelay?) {
        let relay = try RTSPRelay(camera, answersOnlyOthers: answersOnlyOthers)
        do {
            return (try demuxer(Secret(relay.url), relay.local, behind: camera), relay)
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

    private func demuxer(
        _ address: Secret<String>, _ camera: RTSPAddress, behind relayed: RTSPAddress? = nil
    ) throws -> Demuxer {
        try Demuxer(
            address: address, camera: camera, relayed: relayed, what: RTSPSource.what,
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
