"""The channel variables that mod_sofia and the core set by themselves, with believable values.

They matter for their names (the product reads a few) and for their bulk: every event repeats them all.
"""

import secrets
from urllib.parse import quote

_CODEC = {
    "ep_codec_string": "CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
    "rtp_use_codec_string": "PCMU,PCMA",
    "remote_video_media_flow": "inactive",
    "remote_text_media_flow": "inactive",
    "remote_audio_media_flow": "sendrecv",
    "audio_media_flow": "sendrecv",
    "remote_media_ip": "127.0.0.1",
    "remote_media_port": "49127",
    "rtp_audio_recv_pt": "0",
    "rtp_use_codec_name": "PCMU",
    "rtp_use_codec_rate": "8000",
    "rtp_use_codec_ptime": "20",
    "rtp_use_codec_channels": "1",
    "rtp_last_audio_codec_string": "PCMU@8000h@20i@1c",
    "read_codec": "PCMU",
    "original_read_codec": "PCMU",
    "read_rate": "8000",
    "original_read_rate": "8000",
    "write_codec": "PCMU",
    "write_rate": "8000",
    "dtmf_type": "rfc2833",
}

_MEDIA = {
    "local_media_ip": "127.0.0.1",
    "local_media_port": "30432",
    "advertised_media_ip": "127.0.0.1",
    "rtp_use_timer_name": "soft",
    "rtp_use_pt": "0",
    "rtp_use_ssrc": "322577282",
    "rtp_2833_send_payload": "101",
    "rtp_2833_recv_payload": "101",
}

_SDP = (
    "v=0\r\no={owner} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 49127 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\na=ptime:20\r\n"
)


def of_inbound_call(caller: str, number: str, display: str, profile: str) -> dict[str, str]:
    """Variables of a call that came in by SIP, before the dialplan ran."""
    tag = secrets.token_hex(4)
    here = f"{caller}@127.0.0.1:5071"
    there = f"{number}@127.0.0.1:5080"
    parts = {
        "from": (caller, "5071", here),
        "req": (number, "5080", there),
        "to": (number, "5080", there),
        "contact": (caller, "5071", here),
    }
    variables = {"video_media_flow": "disabled", "text_media_flow": "disabled"}
    for part, (user, port, uri) in parts.items():
        variables |= {f"sip_{part}_user": user, f"sip_{part}_port": port, f"sip_{part}_uri": uri}
        variables[f"sip_{part}_host"] = "127.0.0.1"
    return variables | {
        "sip_call_id": f"{secrets.token_hex(10)}@lab",
        "sip_local_network_addr": "127.0.0.1",
        "sip_network_ip": "127.0.0.1",
        "sip_network_port": "5071",
        "sip_received_ip": "127.0.0.1",
        "sip_received_port": "5071",
        "sip_via_protocol": "udp",
        "sip_from_user_stripped": caller,
        "sip_from_tag": tag,
        "sofia_profile_name": profile,
        "sofia_profile_url": "sip:mod_sofia@127.0.0.1:5080",
        "recovery_profile_name": profile,
        "sip_full_via": f"SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK{secrets.token_hex(6)};rport=5071",
        "sip_from_display": display,
        "sip_full_from": f'"{display}" <sip:{here}>;tag={tag}',
        "sip_full_to": f"<sip:{there}>",
        "sip_via_host": "127.0.0.1",
        "sip_via_port": "5071",
        "sip_via_rport": "5071",
        "max_forwards": "70",
        "switch_r_sdp": _SDP.format(owner="ua 1 2"),
        **_CODEC,
        "endpoint_disposition": "RECEIVED",
        "DP_MATCH": f"ARRAY::{number}|:{number}",
    }


def of_outbound_call(number: str, caller: str, name: str, domain: str, profile: str) -> dict[str, str]:
    """Variables of a leg that the switch has just begun to dial; `caller` and `name` are its caller id."""
    tag = secrets.token_hex(6)
    contact = f"{number}@127.0.0.1:5061"
    return {
        "is_outbound": "true",
        "sip_profile_name": profile,
        "video_media_flow": "disabled",
        "text_media_flow": "disabled",
        "sip_destination_url": f"sip:{contact}",
        "dialed_user": number,
        "dialed_domain": domain,
        "sip_invite_domain": domain,
        "presence_id": f"{number}@{domain}",
        "sip_outgoing_contact_uri": "<sip:mod_sofia@127.0.0.1:5060>",
        "sip_req_uri": contact,
        "sofia_profile_name": profile,
        "recovery_profile_name": profile,
        "sofia_profile_url": "sip:mod_sofia@127.0.0.1:5060",
        "sip_local_network_addr": "127.0.0.1",
        "sip_network_ip": "127.0.0.1",
        "sip_network_port": "5061",
        "rtp_use_codec_string": "OPUS,PCMU,PCMA",
        "audio_media_flow": "sendrecv",
        "local_media_ip": "127.0.0.1",
        "local_media_port": "21442",
        "advertised_media_ip": "127.0.0.1",
        "rtp_local_sdp_str": _SDP.format(owner="FreeSWITCH 1795325706 1795325707"),
        "originate_endpoint": "sofia",
        "sip_full_via": f"SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{secrets.token_hex(6)}",
        "sip_from_tag": tag,
        "sip_from_display": name,
        "sip_full_from": f"<sip:{caller}@{domain}>;tag={tag}",
        "sip_full_to": f"<sip:{contact}>;tag={secrets.token_hex(4)}",
        "sip_from_user": caller,
        "sip_from_uri": f"{caller}@{domain}",
        "sip_from_host": domain,
        "sip_to_user": number,
        "sip_to_uri": contact,
        "sip_to_host": "127.0.0.1",
        "sip_contact_user": quote(number),
        "sip_contact_uri": contact,
        "sip_contact_host": "127.0.0.1",
        "sip_call_id": secrets.token_hex(16),
    }


def of_answer() -> dict[str, str]:
    """Variables that appear once media flows."""
    sdp = _SDP.format(owner="FreeSWITCH 1795316714 1795316715")
    remote = {"switch_r_sdp": _SDP.format(owner="ua 1 2"), "sip_to_tag": secrets.token_hex(6)}
    return {**_CODEC, **remote, "rtp_local_sdp_str": sdp, **_MEDIA, "sip_cseq": "1"}
