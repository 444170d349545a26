# Signs by hand, so that nothing is needed: an object in OSS and a message in SMQ say which event came.
import base64, hashlib, hmac, os
from email.utils import formatdate
from urllib.request import Request, urlopen

KINDS = (("triggerTime", "timer"), ('"events"', "oss"), ("messageBody", "queue"))

def work(text, key_id, secret, token, kind=None):
    kind = kind or next((kind for mark, kind in KINDS if mark in text), "http")
    language, date = os.environ["LANGUAGE"], formatdate(usegmt=True)
    def sign(*lines):
        return base64.b64encode(hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha1).digest()).decode()
    path = "/records/%s/%s" % (language, kind)
    urlopen(Request(os.environ["OSS_ENDPOINT"] + path, kind.encode(), method="PUT", headers={
        "Date": date, "Content-Type": "text/plain", "x-oss-security-token": token,
        "Authorization": "OSS %s:%s" % (key_id, sign("PUT", "", "text/plain", date, "x-oss-security-token:" + token, path))}))
    path, body = "/queues/seen/messages", '<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>%s %s</MessageBody></Message>' % (language, kind)
    urlopen(Request(os.environ["SMQ_ENDPOINT"] + path, body.encode(), method="POST", headers={
        "Date": date, "Content-Type": "text/xml", "x-mns-version": "2015-06-06", "security-token": token,
        "Authorization": "MNS %s:%s" % (key_id, sign("POST", "", "text/xml", date, "x-mns-version:2015-06-06", path))}))
    return "%s %s" % (language, kind)
