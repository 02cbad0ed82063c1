//! A server on loopback and three clients, all tasks of one thread: whoever
//! waits for the network lets the others go on.

use std::net::SocketAddr;
use tokio::io::{self, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};

// 1. A task for each connection: send back whatever comes
async fn serve(socket: TcpStream) -> io::Result<()> {
    let mut socket = BufStream::new(socket);
    let mut line = String::new();
    while socket.read_line(&mut line).await? > 0 {
        socket.write_all(format!("echo: {line}").as_bytes()).await?;
        socket.flush().await?;
        line.clear();
    }
    Ok(())
}

// 2. Say two things, and wait for the answer to each
async fn talk(who: &str, server: SocketAddr) -> io::Result<()> {
    let mut socket = BufStream::new(TcpStream::connect(server).await?);
    for word in ["hello", "bye"] {
        let text = format!("{word} from {who}\n");
        socket.write_all(text.as_bytes()).await?;
        socket.flush().await?;
        let mut answer = String::new();
        socket.read_line(&mut answer).await?;
        println!("{who} hears: {}", answer.trim());
    }

    // 3. Hang up, and wait until the other end has done so
    socket.shutdown().await?;
    socket.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // 4. Listen on some free port while three clients talk
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    let server = tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket));
        }
    });
    tokio::try_join!(talk("ann", at), talk("bob", at), talk("cho", at))?;

    // 5. Listen no more
    server.abort();
    println!("the server is closed");
    Ok(())
}
