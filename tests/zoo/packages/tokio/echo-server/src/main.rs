use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let (mut reader, mut writer) = socket.split();
                io::copy(&mut reader, &mut writer).await.unwrap();
            });
        }
    });
    let client = |text: &'static str| async move {
        let mut socket = TcpStream::connect(address).await?;
        socket.write_all(text.as_bytes()).await?;
        socket.shutdown().await?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await?;
        io::Result::Ok(answer)
    };
    let (one, two) = tokio::try_join!(client("good"), client("bye"))?;
    println!("{one} {two}");
    Ok(())
}
