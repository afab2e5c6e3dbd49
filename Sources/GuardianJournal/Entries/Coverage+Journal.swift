import GuardianCore

extension Coverage {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("change")
            json.string(change.rawValue)
            if let camera {
                json.member("camera")
                json.string(camera.description)
            }
            json.member("at")
            json.integer(at.milliseconds)
            if let reason {
                json.member("reason")
                json.string(reason)
            }
        }
    }

    init(journal node: JSONNode) throws {
        self.init(
            change: try node.required("change").choice(),
            camera: try node.optional("camera").map { try $0.identifier() },
            at: try node.required("at").time(),
            reason: try node.optional("reason").map { try $0.string(atMost: JournalLimits.text) })
    }
}

extension Judgement {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("software")
            json.string(software)
            json.member("model")
            json.string(model.hex)
            json.member("thresholds")
            json.object { json in
                for (name, value) in thresholds.sorted(by: { $0.key < $1.key }) {
                    json.member(named: name)
                    json.integer(value)
                }
            }
            json.member("clock")
            json.string(clock.rawValue)
        }
    }

    init(journal node: JSONNode) throws {
        var thresholds: [String: Int64] = [:]
        for (name, value) in try node.required("thresholds").members(atMost: JournalLimits.thresholds) {
            thresholds[name] = try value.integer()
        }
        self.init(
            software: try node.required("software").string(atMost: JournalLimits.text),
            model: try node.required("model").hash(),
            thresholds: thresholds,
            clock: try node.required("clock").choice())
    }
}

extension Tombstone {
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch subject {
            case .event(let id):
                json.member("event")
                json.string(id.description)
            case .clip(let id):
                json.member("clip")
                json.string(id.description)
            case .snapshot(let id):
                json.member("snapshot")
                json.string(id.description)
            }
            json.member("reason")
            json.string(reason.rawValue)
            if let cause {
                json.member("cause")
                json.string(cause.rawValue)
            }
            if let sha256 {
                json.member("sha256")
                json.string(sha256.hex)
            }
        }
    }

    init(journal node: JSONNode) throws {
        let subject: Subject
        if let event = try node.optional("event") {
            subject = .event(try event.identifier())
        } else if let clip = try node.optional("clip") {
            subject = .clip(try clip.identifier())
        } else {
            subject = .snapshot(try node.required("snapshot").identifier())
        }
        self.init(
            subject: subject, reason: try node.required("reason").choice(),
            // One of a later version is no reason to refuse the entry.
            cause: try node.optional("cause").flatMap { Cause(rawValue: try $0.string(atMost: 64)) },
            sha256: try node.optional("sha256").map { try $0.hash() })
    }
}
