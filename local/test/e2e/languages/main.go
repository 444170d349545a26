// Signs by hand, so that nothing is needed: an object in OSS and a message in SMQ say which event came.
package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	http.HandleFunc("/", handle)
	log.Fatal(http.ListenAndServe(":"+os.Getenv("FC_SERVER_PORT"), nil))
}

func handle(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		log.Print(err)
		return
	}
	kind := kindOf(string(body))
	if request.Header.Get("x-fc-control-path") == "/http-invoke" {
		kind = "http"
	}
	said, err := work(request.Header, kind)
	if err != nil {
		log.Print(err)
		response.WriteHeader(500)
	}
	io.WriteString(response, said)
}

func kindOf(text string) string {
	if strings.Contains(text, "triggerTime") {
		return "timer"
	}
	if strings.Contains(text, `"events"`) {
		return "oss"
	}
	return "queue"
}

func work(given http.Header, kind string) (string, error) {
	language, date := os.Getenv("LANGUAGE"), time.Now().UTC().Format(http.TimeFormat)
	keyID, secret := given.Get("x-fc-access-key-id"), given.Get("x-fc-access-key-secret")
	token := given.Get("x-fc-security-token")

	path := "/records/" + language + "/" + kind
	err := send("PUT", os.Getenv("OSS_ENDPOINT")+path, kind, map[string]string{
		"Date": date, "Content-Type": "text/plain", "x-oss-security-token": token,
		"Authorization": "OSS " + keyID + ":" + sign(secret, "PUT", "", "text/plain", date, "x-oss-security-token:"+token, path),
	})
	if err != nil {
		return "", err
	}
	path = "/queues/seen/messages"
	message := fmt.Sprintf(`<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>%s %s</MessageBody></Message>`, language, kind)
	err = send("POST", os.Getenv("SMQ_ENDPOINT")+path, message, map[string]string{
		"Date": date, "Content-Type": "text/xml", "x-mns-version": "2015-06-06", "security-token": token,
		"Authorization": "MNS " + keyID + ":" + sign(secret, "POST", "", "text/xml", date, "x-mns-version:2015-06-06", path),
	})
	return language + " " + kind, err
}

func send(method, url, body string, headers map[string]string) error {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s: %s", response.Status, text)
	}
	return nil
}

func sign(secret string, lines ...string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(strings.Join(lines, "\n")))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
