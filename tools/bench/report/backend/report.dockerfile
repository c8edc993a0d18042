FROM ubuntu:20.04

WORKDIR /rest-recipe-book

COPY . .

RUN apt-get update -y

RUN apt-get install -y python3
RUN apt-get install -y python3-pip

RUN pip install wheel
RUN pip install -r requirements.txt

ENV FLASK_APP=app
ENV FLASK_DEBUG=false
ENV APP_CONFIG_FILE=/rest-recipe-book/config/production.py

RUN chmod +x app.sh

CMD ./app.sh
